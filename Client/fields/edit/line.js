// @ts-check
// One line of text.
import { component, html } from '../../kit/ui.js'

export const line = component((/** @type {import('../edit.js').Editing} */ { id, field, value, set, describedBy, isWrong }) => html`<input class="input" id=${id} type=${field.name.includes('password') ? 'password' : 'text'} name=${field.name} .value=${() => value() || ''}
  maxlength=${field.size || null} ?required=${field.required} aria-describedby=${describedBy ?? null} aria-invalid=${() => (isWrong?.() ? 'true' : null)} autocomplete="off"
  @input=${(/** @type {any} */ e) => set(e.target.value)}>`)
