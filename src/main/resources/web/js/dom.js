/**
 * Builds elements. Whatever comes from a stream goes through here as text or as an attribute's
 * value, never as markup: there is no other way in this page to put something into the document.
 */

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element; strings among the children become text nodes, null and false are left out. */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function s(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'value' || name === 'checked') {
      element[name] = value;
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child);
    }
  }
}

/** Puts new children in the place of all that are there. */
export function replace(element, ...children) {
  element.replaceChildren();
  add(element, children);
  return element;
}

/** Sets the text only when it is another, so that screen readers are not told again. */
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export const prefersCalm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
