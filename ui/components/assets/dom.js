// Builds elements from text only: nothing in Muster ever sets innerHTML.

/** An element with attributes and children; a child that is not an element becomes text. */
export function el(tag, attributes, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith('on')) element[name] = value
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ''))
  return element
}

/** A small picture beside words; hidden from assistive technology. */
export function glyph(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('class', 'glyph')
  const shape = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  shape.setAttribute('d', path)
  svg.append(shape)
  return svg
}

export const FLAG = 'M6 3v18H4V3h2zm2 1h11l-2.5 4L19 12H8V4z'
export const CHECK = 'M9.5 16.6 4.9 12l-1.4 1.4 6 6 11-11L19.1 7z'
export const EYE = 'M12 5C6 5 2.5 12 2.5 12S6 19 12 19s9.5-7 9.5-7S18 5 12 5zm0 11.5a4.5 4.5 0 1 1 0-9 4.5 4.5 0 0 1 0 9zm0-2.2a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z'
export const DOT = 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8z'

const kept = new WeakMap()

/**
 * The component's root and memory, and whether it must be built again: only when what is shown has changed.
 * A rerun that brings the same content leaves the elements, and with them the focus, alone.
 */
export function root(parent, shown) {
  const digest = JSON.stringify(shown)
  let mine = kept.get(parent)
  if (!mine) {
    mine = { box: el('div', { class: 'root' }), digest: null, memory: {} }
    parent.append(mine.box)
    kept.set(parent, mine)
  }
  const fresh = mine.digest !== digest
  if (fresh) {
    mine.digest = digest
    mine.box.replaceChildren()
  }
  return { box: mine.box, memory: mine.memory, fresh }
}

/** Take over a value from the server only when the server's own value has changed since it was last looked at. */
export function adopt(memory, name, value) {
  const digest = JSON.stringify(value)
  if (memory[`${name}:digest`] !== digest) {
    memory[`${name}:digest`] = digest
    memory[name] = value
    return true
  }
  return false
}
