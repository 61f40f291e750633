// @ts-check
// The audit trail: who did what to which records, and whether the chain is whole.

import { chip, component, html, icon, showFailure } from '../kit/ui.js'
import { effect, signal, untracked } from '../kit/reactive.js'
import { call } from '../data/api.js'
import { showMoment, showNumber } from '../data/format.js'
import { t } from '../lang/words.js'
import { goQuery, place } from '../shell/router.js'
import { recordAddress } from '../shell/state.js'

/** The most entries of one export, and how many come in one call. */
const MOST = 10_000
const PAGE = 200
const kinds = ['', 'create', 'write', 'unlink', 'read', 'action', 'login', 'login_failed', 'logout', 'export', 'definition', 'system']
const tones = { unlink: 'danger', login_failed: 'danger', create: 'ok', write: 'info', action: 'info' }

export const audit = component(() => {
  const lines = signal(/** @type {any[] | null} */ (null))
  const verdict = signal(/** @type {any} */ (null))
  const isVerifying = signal(false)
  const isEnd = signal(false)
  const asked = () => {
    const query = place.value.query
    return { ...(query.get('kind') && { kind: query.get('kind') }), ...(query.get('model') && { model: query.get('model') }), ...(query.get('id') && { id: Number(query.get('id')) }), ...(query.get('user') && { user: Number(query.get('user')) }) }
  }
  const load = async (/** @type {boolean} */ isMore) => {
    const before = isMore ? lines.peek()?.at(-1)?.number : undefined
    try {
      const found = await call('audit', { ...untracked(asked), limit: 100, ...(before && { before }) })
      lines.value = isMore ? [...(lines.peek() ?? []), ...found] : found
      isEnd.value = found.length < 100
    } catch (error) {
      lines.value = lines.peek() ?? []
      showFailure(error)
    }
  }
  effect(() => {
    JSON.stringify(asked())
    untracked(() => load(false))
  })
  effect(() => {
    document.title = `${t('Audit trail')} – ${document.documentElement.dataset.place}`
  })
  /** What is filtered, up to ten thousand entries; reading them leaves lines of its own. */
  async function exportLines() {
    const [{ inBackground }, { writeCSV }] = await Promise.all([import('../shell/jobs.js'), import('../data/table.js')])
    try {
      const rows = await inBackground(t('Exporting {plural}', { plural: t('Audit trail').toLowerCase() }), MOST, async (step) => {
        /** @type {any[]} */
        const all = []
        for (let before; all.length < MOST; before = all[all.length - 1].number) {
          step(all.length)
          const found = await call('audit', { ...untracked(asked), limit: PAGE, ...(before && { before }) })
          all.push(...found)
          if (found.length < PAGE) break
        }
        return all
      })
      if (!rows) return
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([writeCSV([[t('Entry'), t('When'), t('Who'), t('What'), t('Records'), 'ids', t('Details')], ...rows.map((/** @type {any} */ line) => [line.number, line.at || '', line.user[1], line.kind, line.model, line.ids.join(' '), line.detail])])], { type: 'text/csv' }))
      link.download = 'audit.csv'
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
    } catch (error) {
      showFailure(error)
    }
  }
  async function verify() {
    isVerifying.value = true
    try {
      verdict.value = await call('audit', { verify: true })
    } catch (error) {
      showFailure(error)
    } finally {
      isVerifying.value = false
    }
  }
  /**
   * What a line's detail says, in words.
   * @param {string} text
   */
  function detail(text) {
    try {
      const entries = Object.entries(JSON.parse(text)).filter(([name]) => name !== 'record_version')
      return entries.slice(0, 12).map(([name, value]) => html`<div class="audit-change"><span class="dim">${name}</span> ${show(value)}</div>`)
    } catch {
      return text
    }
  }
  /** @param {any} value */
  const show = (value) => (Array.isArray(value) && value.length === 2 ? html`<del>${short(value[0])}</del> → <ins>${short(value[1])}</ins>` : short(value))
  /** @param {any} value */
  const short = (value) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return text.length > 120 ? `${text.slice(0, 120)}…` : text
  }
  const narrow = (/** @type {Record<string, string>} */ by) => goQuery(by)
  return html`<div class="audit-page"><div class="pagehead"><h1>${t('Audit trail')}</h1><div class="end"><button type="button" class="button" ?disabled=${isVerifying} @click=${() => void exportLines()}>${icon('download')}<span>${t('Export as CSV')}</span></button><button type="button" class="button" ?disabled=${isVerifying} @click=${verify}>${icon('shield')}<span>${() => (isVerifying.value ? t('Verifying') : t('Verify the chain'))}</span></button></div></div>
    <div class="facets"><label class="inline-field">${t('What')} <select class="input" @change=${(/** @type {any} */ e) => goQuery({ kind: e.target.value || null })}>${kinds.map((kind) => html`<option value=${kind} ?selected=${() => (place.value.query.get('kind') ?? '') === kind}>${kind ? t(kind) : t('Everything')}</option>`)}</select></label>
      ${() => ['model', 'id', 'user'].filter((name) => place.value.query.has(name)).map((name) => html`<span class="facet"><span class="facet-words">${name}: ${place.value.query.get(name)}</span><button type="button" aria-label=${t('Remove filter {name}', { name })} @click=${() => goQuery({ [name]: null })}>${icon('x')}</button></span>`)}</div>
    <div role="status">${() => verdict.value && html`<p class=${`verdict ${verdict.value.good ? 'ok' : 'danger'}`}>${icon(verdict.value.good ? 'check' : 'alert')}<span>${verdict.value.good
      ? t('The chain is whole: {n} entries, {checkpoints} signed checkpoints, signed through entry {sealed}.', { n: verdict.value.entries, checkpoints: verdict.value.checkpoints, sealed: verdict.value.sealed })
      : verdict.value.findings.join(' ')}</span></p>`}</div>
    <div class="audit-scroll" tabindex="0" role="region" aria-label=${t('Entries')}><table class="plain-table audit-table"><thead><tr><th scope="col">${t('Entry')}</th><th scope="col">${t('When')}</th><th scope="col">${t('Who')}</th><th scope="col">${t('What')}</th><th scope="col">${t('Records')}</th><th scope="col">${t('Detail')}</th></tr></thead>
      <tbody>${() => (lines.value ?? []).map((line) => html`<tr><td class="number dim">${showNumber(line.number)}</td><td class="number">${line.at && showMoment(line.at)}</td>
        <td><button type="button" class="figure-link" @click=${() => narrow({ user: String(line.user[0]) })}>${line.user[1]}</button></td><td>${chip(t(line.kind), /** @type {any} */ (tones)[line.kind] ?? '')}</td>
        <td>${line.title} ${line.ids.length === 1 ? html`<a href=${recordAddress(line.model, line.ids[0])}>#${line.ids[0]}</a> <button type="button" class="figure-link" aria-label=${t('Only this record')} @click=${() => narrow({ model: line.model, id: String(line.ids[0]) })}>${icon('filter')}</button>` : line.ids.length > 1 && html`<span class="dim number">${t('{n} records', { n: line.ids.length })}</span>`}</td>
        <td>${detail(line.detail)}</td></tr>`)}</tbody></table>
      ${() => lines.value !== null && !isEnd.value && html`<p class="more-lines"><button type="button" class="button" @click=${() => load(true)}>${t('Earlier entries')}</button></p>`}</div></div>`
})
