// @ts-check
// A day, typed in many ways; below it stands what was understood. The calendar is an aid only.
import { component, html } from '../../kit/ui.js'
import { signal } from '../../kit/reactive.js'
import { readDay, showDay } from '../../data/format.js'
import { t } from '../../lang/words.js'

export const day = component((/** @type {import('../edit.js').Editing} */ { id, field, value, set, describedBy, isWrong }) => {
  const understood = signal('')
  const isBad = signal(false)
  return html`<div class="day-field"><input class="input" id=${id} name=${field.name} .value=${() => (value() ? showDay(value()) : '')} autocomplete="off"
    aria-describedby=${`${id}-understood${describedBy ? ` ${describedBy}` : ''}`} aria-invalid=${() => (isBad.value || isWrong?.() ? 'true' : null)}
    @input=${(/** @type {any} */ e) => {
      const text = e.target.value
      const found = readDay(text)
      understood.value = text && found ? showDay(found) : ''
    }}
    @change=${(/** @type {any} */ e) => {
      const text = e.target.value
      const found = readDay(text)
      isBad.value = Boolean(text.trim()) && !found
      understood.value = isBad.value ? t('Not understood. Write it like 2026-03-14 or 14 Mar 2026.') : ''
      if (!isBad.value) set(found ?? false)
    }}>
    <input class="pick" type="date" tabindex="-1" aria-hidden="true" .value=${() => value() || ''} @change=${(/** @type {any} */ e) => set(e.target.value || false)}>
    <span class="understood" id=${`${id}-understood`} role="status">${understood}</span></div>`
})
