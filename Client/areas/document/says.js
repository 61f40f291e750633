// @ts-check
// How sure the machine is, how it found a value, and what pages are: in words.

import { chip, html } from '../../kit/ui.js'
import { t } from '../../lang/words.js'

/** @param {number} confidence */
export const sureness = (confidence) => confidence >= 0.9 ? t('very likely') : confidence >= 0.7 ? t('likely') : t('unsure')

/**
 * How sure something is, in a word and a figure, labelled as the machine's.
 * @param {number} confidence
 */
export const sure = (confidence) => html`${chip(sureness(confidence), 'ai', 'sparkles')} <span class="number">${t('{n} %', { n: Math.floor(confidence * 100) })}</span>`

/** @type {Record<string, string>} */
const ways = {
  'label.right': 'right of its label', 'label.below': 'below its label', 'label.above': 'above its label', mark: 'a box that is ticked', letterhead: 'in the letterhead',
  signature: 'by the signature', anywhere: 'somewhere on the page', sentence: 'in a sentence', learned: 'where this sender has it',
}
/** @type {Record<string, string>} */
const checks = {
  tick: 'the mark was measured', luhn: 'its check digit fits', 'luhn.mended': 'one digit was mended so that its check digit fits', 'luhn.wrong': 'its check digit does not fit',
  dictionary: 'a name that you know', list: 'one of the words for it', code: 'the form of a code', date: 'a real day', phone: 'the form of a phone number', zip: 'the form of a ZIP code', number: 'the form of such a number',
}
/**
 * A rule such as `label.right+luhn` in words.
 * @param {string} rule
 */
export const ruleWords = (rule) => rule.split('+').map((part) => (ways[part] ?? checks[part] ? t(ways[part] ?? checks[part]) : part)).join(', ')

/** @type {Record<string, string>} */
export const partKinds = {
  referral: 'Referral', note: 'Clinical note', card: 'Insurance card', authorization: 'Authorization', result: 'Result', identification: 'Identification', cover: 'Cover sheet', blank: 'Blank page', other: 'Something else',
}
/** @param {string} kind */
export const partName = (kind) => t(partKinds[kind] ?? kind)

/** @type {Record<string, [string, string, string]>} */
export const outcomes = {
  accepted: ['Accepted', 'ok', 'check'], corrected: ['Corrected', 'info', 'pencil'], rejected: ['Wrong', 'warn', 'x'], absent: ['Not on the page', 'warn', 'minus'], missed: ['Not found by the machine', 'info', 'pencil'],
}
/**
 * What a person made of a value.
 * @param {string} state
 */
export const outcome = (state) => outcomes[state] ? chip(t(outcomes[state][0]), outcomes[state][1], outcomes[state][2]) : null

/** @type {Record<string, string>} */
const fieldNames = {
  family_name: 'Family name', given_name: 'Given name', birth_date: 'Birth date', sex: 'Sex', phone: 'Phone', street: 'Street', city: 'City', zip: 'ZIP code', payer: 'Payer', member_number: 'Member number',
  referrer_name: 'Referring practitioner', referrer_npi: 'NPI', practice: 'Practice', specialty: 'Specialty', urgency: 'Urgency', requested_service: 'Requested service', reason: 'Reason',
  diagnosis_codes: 'Diagnosis codes (ICD-10)', procedure_codes: 'Procedure codes (CPT)', referral_date: 'Day of the referral',
}
/** @param {string} name */
export const fieldName = (name) => t(fieldNames[name] ?? name)
