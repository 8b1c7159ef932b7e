// Clocks that tick here, never by a rerun: the server sends exercise time once, with the speed at which it passes.
import { el, root } from './dom.js'

const timers = new WeakMap()

export default function ({ data, parentElement }) {
  const { now, speed, ...shown } = data
  const { box, memory, fresh } = root(parentElement, shown)
  // The same stamp again is an old message drawn once more: time has passed since we first saw it.
  if (memory.now !== now || memory.speed !== speed) Object.assign(memory, { now, speed, seen: performance.now() })
  if (fresh) build(box, data.faces, memory)
  const tick = () => paint(data, memory)
  tick()
  clearInterval(timers.get(parentElement))
  timers.set(parentElement, setInterval(tick, 250))
  return () => clearInterval(timers.get(parentElement))
}

function build(box, faces, memory) {
  const strip = el('div', { class: 'clocks' })
  memory.faces = faces.map((face, index) => {
    const value = el('p', { class: 'digits', role: 'timer', 'aria-labelledby': `label-${index}` })
    const bar = el('i', {})
    const note = el('p', { class: 'small' })
    const card = el('div', { class: 'clock' },
      el('p', { class: 'small', id: `label-${index}` }, face.label), value,
      face.window ? el('div', { class: 'track', 'aria-hidden': 'true' }, bar) : null, note)
    strip.append(card)
    return { card, value, bar, note }
  })
  box.append(strip)
}

function paint({ faces, still }, memory) {
  const time = memory.now + (performance.now() - memory.seen) * memory.speed
  faces.forEach((face, index) => {
    const { card, value, bar, note } = memory.faces[index]
    if (face.kind === 'elapsed') {
      set(value, digits(time - face.at))
      set(note, join(memory.speed === 0 ? still : '', face.note))
      return
    }
    const left = face.at - (face.met ?? time)
    const late = left < 0
    const share = face.window ? left / face.window : null
    const tone = face.met !== null && !late ? 'good' : late ? 'bad' : (share === null ? left < 3600000 : share < 0.25) ? 'warn' : 'good'
    card.className = `clock ${tone}`
    set(value, (late ? '+' : '') + digits(Math.abs(left)))
    const state = face.met !== null ? (late ? 'Done, but late' : 'Done in time') : late ? 'Overdue' : memory.speed === 0 ? still : ''
    set(note, join(state, face.note))
    // Quantised: a bar that never moves by less than a reader could see.
    if (face.window) bar.style.width = `${Math.round(Math.min(1, Math.max(0, late ? 1 : share)) * 200) / 2}%`
  })
}

function join(state, note) {
  return [state, note].filter(Boolean).join(' · ')
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text
}

function digits(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const two = (number) => String(number).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return hours < 100 ? `${two(hours)}:${rest}` : `${Math.floor(hours / 24)} d ${two(hours % 24)}:${rest}`
}
