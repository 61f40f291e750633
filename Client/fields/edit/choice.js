// @ts-check
// One of a few values.
import { component, html } from '../../kit/ui.js'
import { t } from '../../lang/words.js'

export const choice = component((/** @type {import('../edit.js').Editing} */ { id, field, value, set, describedBy, isWrong }) => html`<select class="input" id=${id} name=${field.name} aria-describedby=${describedBy ?? null}
  aria-invalid=${() => (isWrong?.() ? 'true' : null)} @change=${(/** @type {any} */ e) => set(e.target.value || false)}>
  ${() => (!field.required || !value()) && html`<option value="" ?selected=${() => !value()}></option>`}
  ${(field.selection ?? []).map(([key, title]) => html`<option value=${key} ?selected=${() => value() === key}>${t(title)}</option>`)}</select>`)
