// @ts-check
// What is planned for a record: done here, or planned anew.

import { chip, component, html, icon, iconButton, showFailure, toast } from '../kit/ui.js'
import { records } from '../data/api.js'
import { dayIn, deadline } from '../data/format.js'
import { t } from '../lang/words.js'
import { me } from '../shell/state.js'
import { askAction } from './ask.js'

/** @param {import('./record.js').RecordState} state */
export const activities = component((state) => {
  const list = () => state.data.value?.values.activity_ids ?? []
  async function plan() {
    const data = state.data.peek()
    const answers = await askAction(t('Plan an activity'), { weight: 'plain', consequence: '', asks: [
      { name: 'summary', title: 'What is to be done', kind: 'line', required: true, hint: '' },
      { name: 'date_deadline', title: 'By', kind: 'day', required: true, hint: 'For example 14 Mar, today or +3.' },
      { name: 'user_id', title: 'By whom', kind: 'record', model: 'res.users', domain: '[]', required: false, hint: 'Without an answer, by you.' },
    ] }, { model: state.model, id: data.id, subject: data.values.display_name })
    if (!answers) return
    await run(() => records.method(state.model, 'activity_schedule', { user_id: me.peek().id, ...answers }, [data.id]), t('Planned.'))
  }
  /** @param {() => Promise<any>} work @param {string} words */
  async function run(work, words) {
    try {
      await work()
      await state.reload()
      toast(words)
    } catch (error) {
      showFailure(error)
    }
  }
  const line = (/** @type {any} */ each) => {
    const due = each.date_deadline ? deadline(each.date_deadline) : null
    return html`<li><span class="check-name">${each.summary || each.display_name}<small class="dim"> ${each.user_id?.display_name ?? ''}</small></span>
      ${due && (each.date_deadline === dayIn(new Date()) ? chip(t('today'), 'warn', 'clock') : chip(due.text, due.tone, due.icon))}
      <button type="button" class="button small" aria-label=${`${t('Done')}: ${each.summary || each.display_name}`} @click=${() => run(() => records.method('mail.activity', 'action_done', {}, [each.id]), t('Done: {name}', { name: each.summary || each.display_name }))}>${icon('check')}<span>${t('Done')}</span></button></li>`
  }
  return html`<section class="block"><h3>${t('Activities')} <span class="dim number">${() => list().length || ''}</span>${iconButton('plus', t('Plan an activity'), plan, 'small')}</h3>
    <ul class="checks">${() => list().map(line)}</ul></section>`
})
