// @ts-check
// Work that goes on while one does something else: what it is, how far it came, and a way to stop it.

import { component, html, icon, mount, toast } from '../kit/ui.js'
import { each } from '../kit/html.js'
import { signal } from '../kit/reactive.js'
import { t } from '../lang/words.js'

/** @typedef {{ key: number, title: string, done: number, all: number }} Line */
const lines = signal(/** @type {Line[]} */ ([]))
/** @type {Set<number>} */
const stopped = new Set()
let last = 0
let isShown = false

const view = component(() => html`<div class="jobs" role="region" aria-label=${t('What is going on')}>${each(() => lines.value, (line) => String(line.key), (line) => html`<div class="job">
  <span>${() => line.value.title} <span class="dim number">${() => t('{done} of {all}', { done: line.value.done, all: line.value.all })}</span></span>
  <progress max=${() => Math.max(1, line.value.all)} .value=${() => line.value.done} aria-label=${() => line.value.title}></progress>
  <button type="button" class="button plain square" aria-label=${() => t('Stop: {name}', { name: line.value.title })} @click=${() => stopped.add(line.peek().key)}>${icon('x')}</button></div>`)}</div>`)

/** Thrown inside work that somebody stopped. */
export class Stopped extends Error {}

/**
 * Runs work in the background of the page; a page that closes meanwhile asks first.
 * @template T
 * @param {string} title
 * @param {number} all how much there is to do
 * @param {(step: (done: number) => void) => Promise<T>} work calls `step` with how much is done; it throws once somebody stopped it
 * @returns {Promise<T | undefined>} nothing when it was stopped
 */
export async function inBackground(title, all, work) {
  if (!isShown) {
    isShown = true
    mount(document.body.appendChild(document.createElement('div')), () => view())
  }
  const key = ++last
  lines.value = [...lines.peek(), { key, title, done: 0, all }]
  const holding = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault()
  addEventListener('beforeunload', holding)
  try {
    return await work((done) => {
      if (stopped.has(key)) throw new Stopped()
      lines.value = lines.peek().map((line) => (line.key === key ? { ...line, done } : line))
    })
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    toast(t('Stopped: {name}', { name: title }))
    return undefined
  } finally {
    removeEventListener('beforeunload', holding)
    stopped.delete(key)
    lines.value = lines.peek().filter((line) => line.key !== key)
  }
}
