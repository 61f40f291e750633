// @ts-check
// What was read, framed on the page where it stands.

import { html } from '../../kit/ui.js'
import { computed, effect } from '../../kit/reactive.js'
import { t } from '../../lang/words.js'
import { sureness } from './says.js'

/**
 * The frames over a page's picture.
 * @param {import('./desk.js').Desk} desk
 * @param {(name: string) => void} pick
 */
export function createFrames(desk, pick) {
  const boxes = computed(() => desk.questions.value.flatMap((question) => {
    const read = desk.byField.value.get(question.name)
    return read && read.page === desk.page.value && read.box?.length === 4 ? [{ question, read }] : []
  }))
  effect(() => {
    const name = desk.focused.value
    if (name) queueMicrotask(() => document.getElementById(`box-${name}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' }))
  })
  /**
   * A frame: pointing at it leads to its field. Whoever uses keys or hears the page has the fields, which say the same and show the frame.
   * @param {{ question: any, read: any }} of
   */
  const box = ({ question, read }) => {
    const [left, top, right, bottom] = read.box
    return html`<div class=${() => `read-box ${read.state}${desk.focused.value === question.name ? ' focused' : ''}`} id=${`box-${question.name}`}
      title=${t('{field}: {value}, {sure}', { field: t(question.label), value: read.value, sure: sureness(read.confidence) })}
      style=${{ '--top': `${top * 100}%`, '--right': `${(1 - right) * 100}%`, '--bottom': `${(1 - bottom) * 100}%`, '--left': `${left * 100}%` }} @click=${() => pick(question.name)}></div>`
  }
  return () => html`<div class="read-boxes" aria-hidden="true">${() => boxes.value.map(box)}</div>`
}
