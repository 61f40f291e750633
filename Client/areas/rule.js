// @ts-check
// An automation rule: in words, to be changed, tried on a record, held against the past, reviewed and released.

import { component, html, icon, iconButton, showFailure } from '../kit/ui.js'
import { computed, effect, onCleanup, signal } from '../kit/reactive.js'
import { call, records } from '../data/api.js'
import { follow } from '../data/events.js'
import { readConditions } from '../data/domain.js'
import { link } from '../fields/edit/link.js'
import { lineWords } from '../fields/edit/conditions.js'
import { plain } from '../fields/show.js'
import { t } from '../lang/words.js'
import { go, place } from '../shell/router.js'
import { askAction } from '../views/ask.js'
import { outcomeWords, release } from '../views/release.js'

const model = 'base.automation'
const actionModel = 'ir.actions.server'

export const ruleEditor = component(() => {
  const id = Number(place.peek().kind)
  const rule = signal(/** @type {any} */ (null))
  const actions = signal(/** @type {any[]} */ ([]))
  const fields = signal(/** @type {Record<string, any>} */ ({}))
  const labels = signal(/** @type {Record<string, any>} */ ({}))
  const version = signal(0)
  const failure = signal(/** @type {any} */ (null))
  const panel = signal(/** @type {any} */ (null))
  const opened = signal(/** @type {number} */ (0))
  const subject = signal(/** @type {any} */ (false))
  const tried = signal(/** @type {any} */ (null))
  const target = computed(() => rule.value?.model_name ?? '')

  async function load() {
    try {
      const answer = await call('search', { model, domain: [['id', '=', id], ['active', 'in', [true, false]]], fields: ['name', 'model_id', 'model_name', 'trigger', 'trigger_field_ids', 'trg_selection_field_id', 'trg_date_id', 'trg_date_range', 'trg_date_range_type', 'trg_date_range_mode', 'filter_pre_domain', 'filter_domain', 'active', 'description', 'governance_state', 'governance_version_id'], limit: 1, describe: true })
      const row = answer.rows[0]
      if (!row) throw { message: t('There is no such rule for you.'), instruction: t('Ask an administrator of the system.') }
      labels.value = answer.view.fields
      const found = await call('search', { model: actionModel, domain: [['base_automation_id', '=', id]], fields: ['name', 'state', 'update_path', 'value', 'selection_value', 'activity_type_id', 'activity_summary', 'template_id', 'webhook_url', 'sequence', 'crud_model_id'], order: 'sequence, id', limit: 80 })
      if (row.model_name && row.model_name !== rule.peek()?.model_name) fields.value = (await call('view', { model: row.model_name }).catch(() => ({ fields: {} }))).fields
      actions.value = found.rows
      version.value = row.governance_version_id?.id ?? 0
      rule.value = row
    } catch (error) {
      failure.value = error
    }
  }
  load()
  import('../views/record.js').then((m) => (panel.value = m.recordPanel), showFailure)
  effect(() => {
    document.title = `${rule.value?.name ?? t('Automation rule')} – ${document.documentElement.dataset.place}`
  })
  onCleanup(follow(model, () => void load()))
  onCleanup(follow(actionModel, () => void load()))
  onCleanup(follow('governance.version', () => void load()))

  /** @param {string} name */
  const chosen = (name) => t(labels.value[name]?.selection?.find((/** @type {any} */ [key]) => key === rule.value[name])?.[1] ?? String(rule.value[name] ?? ''))
  const when = () => {
    const now = rule.value
    const watched = (now.trigger_field_ids ?? []).map((/** @type {any} */ each) => t(fields.value[each.display_name]?.string ?? each.display_name)).join(', ')
    const time = now.trg_date_id ? t('{n} {unit} {mode} “{field}”', { n: now.trg_date_range || 0, unit: chosen('trg_date_range_type').toLowerCase(), mode: chosen('trg_date_range_mode').toLowerCase(), field: now.trg_date_id.display_name }) : ''
    return html`${chosen('trigger')}: ${now.model_id?.display_name}${watched && html`, ${t('when one of these changes: {fields}', { fields: watched })}`}${now.trg_selection_field_id && html`, ${now.trg_selection_field_id.display_name}`}${time && html`, ${time}`}`
  }
  /** @param {string} text */
  const conditionWords = (text) => {
    const read = readConditions(text || '')
    if (!read) return html`<code>${text}</code>`
    return read.lines.map((line) => lineWords(line, fields.value)).join(read.every ? t(' and ') : t(' or '))
  }
  /** @param {any} action */
  const effectWords = (action) => {
    const field = t(fields.value[action.update_path]?.string ?? action.update_path ?? '')
    switch (action.state) {
      case 'object_write': return t('set {field} to {value}', { field, value: plain(action.value || action.selection_value?.display_name || '–') })
      case 'next_activity': return t('plan “{what}”', { what: action.activity_summary || action.activity_type_id?.display_name || t('Activity') })
      case 'mail_post': return t('send the mail “{what}”', { what: action.template_id?.display_name ?? '–' })
      case 'webhook': return t('call {what}', { what: action.webhook_url || '–' })
      case 'code': return t('run the script “{what}”', { what: action.name })
      default: return action.name
    }
  }
  const sentence = () => {
    const now = rule.value
    return html`<dl class="rule-words"><dt>${t('When')}</dt><dd>${when()}</dd>
      ${(now.filter_pre_domain || now.filter_domain) && html`<dt>${t('Only if')}</dt><dd>${now.filter_pre_domain && html`<p>${t('before:')} ${conditionWords(now.filter_pre_domain)}</p>`}${now.filter_domain && html`<p>${conditionWords(now.filter_domain)}</p>`}</dd>`}
      <dt>${t('Then')}</dt><dd><ol class="rule-effects">${actions.value.map((action) => html`<li><button type="button" class="page-link" @click=${() => (opened.value = opened.peek() === action.id ? 0 : action.id)}>${effectWords(action)}</button></li>`)}</ol>
        ${actions.value.length === 0 && html`<span class="dim">${t('Nothing is done yet.')}</span>`} <button type="button" class="button small" @click=${addAction}>${icon('plus')}<span>${t('Add an effect')}</span></button></dd></dl>`
  }
  async function addAction() {
    const answers = await askAction(t('Add an effect'), { weight: 'plain', consequence: '', asks: [
      { name: 'name', title: 'Name', kind: 'line', required: true, hint: '' },
      { name: 'state', title: 'What it does', kind: 'choice', required: true, hint: '', choices: [['object_write', 'Change a field'], ['next_activity', 'Plan an activity'], ['mail_post', 'Send a mail'], ['object_create', 'Make a record'], ['webhook', 'Call an address'], ['code', 'Run a script']] },
    ] }, { model, id, subject: rule.peek().name })
    if (!answers) return
    try {
      const made = await records.save(actionModel, null, null, { ...answers, model_id: rule.peek().model_id.id, base_automation_id: id, sequence: (actions.peek().at(-1)?.sequence ?? 0) + 1 })
      await load()
      opened.value = made.id
    } catch (error) {
      showFailure(error)
    }
  }
  async function attempt() {
    if (!subject.peek()) return void document.getElementById('try-on')?.focus()
    try {
      tried.value = { name: subject.peek().display_name, ...(await records.method(model, 'try_on', { record_id: subject.peek().id }, [id])) }
    } catch (error) {
      showFailure(error)
    }
  }
  const verdict = () => {
    const said = tried.value
    if (!said) return null
    if (!said.active) return html`<p class="notice warn">${icon('info')}<span>${t('The rule is switched off: it does nothing.')}</span></p>`
    if (!said.meets) return html`<p class="notice">${icon('minus')}<span>${t('It would not run on {name}: the conditions are not met.', { name: said.name })}</span></p>`
    return html`<div class="notice ok"><span>${icon('check')}</span><div><p><strong>${t('It would run on {name}.', { name: said.name })}</strong> ${!said.meets_before && t('The conditions before the change do not hold now.')}</p>
      <p>${t('It would do: {what}', { what: outcomeWords({ writes: said.writes || {}, does: said.does || {} }, fields.value) })}</p>${said.refused && html`<p>${t('It would be refused: {why}', { why: said.refused })}</p>`}<p class="dim">${said.draft ? t('Tried as the draft says. Nothing was changed.') : t('Tried as it is in force. Nothing was changed.')}</p></div></div>`
  }
  const trial = () => html`<section class="block"><h2>${t('Try it on a record')}</h2><div class="try-line"><div class="field"><label for="try-on">${t('Record')}</label>${() => target.value && link({ id: 'try-on', field: { name: 'try_on', string: t('Record'), type: 'many2one', relation: target.value }, value: () => subject.value, set: (row) => (subject.value = row) })}</div>
    <button type="button" class="button" @click=${attempt}>${icon('activity')}<span>${t('Try it')}</span></button></div><div role="status">${verdict}</div></section>`
  const recordOf = (/** @type {string} */ of, /** @type {number} */ number) => panel.value && panel.value({ model: of, id: number, close: () => (opened.value = 0), full: () => {}, isFull: signal(false), saved: () => void load(), next: () => null, isAlone: true })
  const back = () => go('/app/rules/list')
  return html`<div class="document-page rule-page"><div class="pagehead">${iconButton('arrow-left', t('Back to the rules'), back)}<h1>${() => rule.value?.name ?? t('Automation rule')}</h1>
      <div class="end">${() => rule.value && (rule.value.active ? html`<span class="chip ok">${t('on')}</span>` : html`<span class="chip">${t('off')}</span>`)}</div></div>
    ${() => failure.value && !rule.value ? html`<div class="empty">${icon('alert')}<h2>${failure.value.message}</h2><p>${failure.value.instruction}</p></div>`
      : html`<div class="split rule-split"><div class="rule-main" tabindex="0" role="region" aria-label=${t('The rule in words')}>${() => rule.value && html`<section class="block"><h2>${t('The rule in words')}</h2>${sentence()}</section>`}
          ${() => rule.value && trial()}<section class="block"><h2>${t('The way into force')}</h2>${release({ version: () => version.value, changed: () => void load() })}</section></div>
        <div class="document-beside">${() => opened.value ? recordOf(actionModel, opened.value) : recordOf(model, id)}</div></div>`}</div>`
})
