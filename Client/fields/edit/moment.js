// @ts-check
// A day and a time where the person is.
import { component, html } from '../../kit/ui.js'
import { moment as read, serverMoment, timeZone } from '../../data/format.js'

/**
 * The local form of a moment in the person's zone.
 * @param {string} text
 */
function local(text) {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-CA', {
    timeZone: timeZone(), hour12: false, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
  }).formatToParts(read(text)).map((part) => [part.type, part.value]))
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour === '24' ? '00' : parts.hour}:${parts.minute}`
}

/**
 * The moment of a local form.
 * @param {string} text
 */
function remote(text) {
  let date = new Date(`${text}:00Z`)
  for (let i = 0; i < 2; i++) date = new Date(date.getTime() + new Date(`${text}:00Z`).getTime() - new Date(`${local(serverMoment(date))}:00Z`).getTime())
  return serverMoment(date)
}

export const moment = component((/** @type {import('../edit.js').Editing} */ { id, field, value, set, describedBy, isWrong }) => html`<input class="input" id=${id} name=${field.name} type="datetime-local"
  .value=${() => (value() ? local(value()) : '')} aria-describedby=${describedBy ?? null} aria-invalid=${() => (isWrong?.() ? 'true' : null)}
  @change=${(/** @type {any} */ e) => set(e.target.value ? remote(e.target.value) : false)}>`)
