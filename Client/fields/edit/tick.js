// @ts-check
// Yes or no.
import { component, html } from '../../kit/ui.js'

export const tick = component((/** @type {import('../edit.js').Editing} */ { id, field, value, set, describedBy }) => html`<span class="tick"><input type="checkbox" id=${id} name=${field.name} .checked=${() => Boolean(value())}
  aria-describedby=${describedBy ?? null} @change=${(/** @type {any} */ e) => set(e.target.checked)}></span>`)
