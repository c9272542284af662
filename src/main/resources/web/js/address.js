/** The address of a stream's view, or of a chunk in it; the id is encoded whole, whatever characters it has. */
export const streamAddress = (id, chunk) =>
  `#/streams/${encodeURIComponent(id)}${chunk === undefined ? '' : `/${chunk}`}`;
