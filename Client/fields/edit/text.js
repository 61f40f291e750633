// @ts-check
// Several lines of text; formatted text is shown and kept as plain paragraphs.
import { component, html } from '../../kit/ui.js'
import { plain } from '../show.js'

export const longText = component((/** @type {import('../edit.js').Editing} */ { id, field, value, set, describedBy, isWrong }) => {
  const shown = () => (field.type === 'html' && /<\w/.test(value() || '') ? plain(value()) : value() || '')
  return html`<textarea class="input" id=${id} name=${field.name} rows="3" .value=${shown} ?required=${field.required} aria-describedby=${describedBy ?? null}
    aria-invalid=${() => (isWrong?.() ? 'true' : null)} @input=${(/** @type {any} */ e) => set(e.target.value)}></textarea>`
})
