// @ts-check
// A number, typed with the decimal sign of the person's language or with a point.
import { component, html } from '../../kit/ui.js'
import { language } from '../../lang/words.js'

export const numeric = component((/** @type {import('../edit.js').Editing} */ { id, field, value, set, describedBy, isWrong }) => {
  const comma = new Intl.NumberFormat(language()).format(1.5).includes(',')
  const shown = () => (value() === false || value() === null || value() === undefined ? '' : comma ? String(value()).replace('.', ',') : String(value()))
  return html`<input class="input number" id=${id} name=${field.name} inputmode="decimal" .value=${shown} aria-describedby=${describedBy ?? null} aria-invalid=${() => (isWrong?.() ? 'true' : null)}
    @change=${(/** @type {any} */ e) => {
      const text = e.target.value.trim().replace(/\s/g, '')
      const number = Number(comma ? text.replace(/\./g, '').replace(',', '.') : text.replace(/,/g, ''))
      if (text === '') set(field.type === 'integer' ? 0 : false)
      else if (Number.isNaN(number)) e.target.setAttribute('aria-invalid', 'true')
      else {
        e.target.removeAttribute('aria-invalid')
        set(field.type === 'integer' ? Math.round(number) : number)
      }
    }}>`
})
