// Waits for news of a live exercise and asks the server to draw the fragment again. A version number is all that comes.
import { el, root } from './dom.js'

const LOOK = 2000 // between two looks when no stream can be held
const TRIES = 4 // of the stream, before looking instead
const PATIENCE = 5000 // for a drawing that was asked for and never came
const GRACE = 2000 // after a drawing has gone: the next one, a moment later, takes the stream over
const open = new Map()

export default function ({ data, parentElement, setTriggerValue }) {
  const { box } = root(parentElement, {})
  const mine = open.get(data.url) ?? connect(data.url)
  open.set(data.url, mine)
  clearTimeout(mine.leaving)
  mine.box = box
  mine.ask = (version) => setTriggerValue('version', version)
  mine.drawn(data.version)
  return () => {
    mine.leaving = setTimeout(() => {
      mine.close()
      open.delete(data.url)
    }, GRACE)
  }
}

function connect(url) {
  let source, timer, failed = 0, closed = false
  const mine = { box: null, ask: () => {}, shown: -1, asked: -1, since: 0, newest: -1 }

  mine.drawn = (version) => {
    mine.shown = Math.max(mine.shown, version)
    want()
  }
  mine.close = () => {
    closed = true
    source?.close()
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', awake)
  }

  function want() {
    const again = performance.now() - mine.since > PATIENCE
    if (mine.newest <= mine.shown || (mine.asked >= mine.newest && !again)) return
    Object.assign(mine, { asked: mine.newest, since: performance.now() })
    mine.ask(mine.newest)
  }

  function heard(version) {
    failed = 0
    say('')
    mine.newest = Math.max(mine.newest, version)
    want()
  }

  function over() {
    mine.close()
    // Drawn once more even when nothing is newer: the session may be what ended.
    mine.ask(`over-${mine.newest}`)
  }

  function stream() {
    if (closed) return
    source = new EventSource(`${url}events`)
    source.onmessage = (event) => heard(Number(event.data))
    source.addEventListener('over', (event) => { heard(Number(event.data)); over() })
    source.onerror = () => {
      failed += 1
      say('Reconnecting …')
      if (source.readyState !== EventSource.CLOSED && failed < TRIES) return
      source.close()
      later(look, 0)
    }
  }

  async function look() {
    try {
      const answer = await fetch(`${url}version`, { cache: 'no-store', headers: { accept: 'application/json' } })
      if (answer.status === 401 || answer.status === 404) return over()
      const { version, over: ended } = await answer.json()
      heard(version)
      if (ended) return over()
    } catch {
      say('The server does not answer. What you see may be old.')
    }
    // A look in three tries the stream again: proxies and servers come back.
    later(Math.random() < 1 / 3 ? stream : look, LOOK)
  }

  function later(work, delay) {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(work, delay)
  }

  function awake() {
    if (document.visibilityState === 'visible' && !closed) want()
  }

  function say(text) {
    if (mine.box === null || mine.box.textContent === text) return
    mine.box.replaceChildren(...(text ? [el('p', { class: 'small', role: 'status' }, text)] : []))
  }

  document.addEventListener('visibilitychange', awake)
  stream()
  return mine
}
