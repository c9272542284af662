/* Not a module: runs before the first paint, so that a chosen theme does not flash the other one. */
(() => {
  const stored = localStorage.getItem('gistream.theme');
  if (stored === 'light' || stored === 'dark') {
    document.documentElement.dataset.theme = stored;
  }
})();
