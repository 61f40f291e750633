// @ts-check
// Keyboard commands. Letters act only outside inputs, can be switched off, and all of them are listed in the palette and behind `?`.

import { letters } from './preferences.js'

/** @typedef {{ name: string, keys?: string, icon?: string, group?: string, run: () => void }} Command */
/** @type {Map<string, Command[]>} */
const sets = new Map()

/**
 * Offers commands while a view is shown; a later set wins over an earlier one.
 * @param {string} owner
 * @param {Command[]} commands
 * @returns {() => void} takes them away
 */
export function offer(owner, commands) {
  sets.delete(owner)
  sets.set(owner, commands)
  return () => {
    if (sets.get(owner) === commands) sets.delete(owner)
  }
}

/** All commands, the most particular first. */
export const commands = () => [...sets.values()].reverse().flat()

let lead = ''
let leadAt = 0

/** @param {KeyboardEvent} event */
function spelled(event) {
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key
  const control = event.ctrlKey || event.metaKey
  return `${control ? 'Ctrl ' : ''}${event.altKey ? 'Alt ' : ''}${event.shiftKey && (key.length > 1 || control) ? 'Shift ' : ''}${key}`
}

addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.isComposing) return
  const target = /** @type {Element} */ (event.target)
  const keys = spelled(event)
  const isTyping = Boolean(target.closest?.('input:not([type=checkbox]), select, textarea, [contenteditable]'))
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
  if (isPlain && (isTyping || document.querySelector('dialog[open]'))) return
  if (isPlain && !letters.peek() && event.key.length === 1 && event.key !== '?') return
  const wanted = Date.now() - leadAt < 1200 && lead && isPlain ? `${lead} ${keys}` : keys
  const command = commands().find((each) => each.keys === wanted)
  lead = ''
  if (command) {
    event.preventDefault()
    command.run()
  } else if (isPlain && /^[GV]$/.test(keys) && commands().some((each) => each.keys?.startsWith(`${keys} `))) {
    lead = keys
    leadAt = Date.now()
    event.preventDefault()
  }
})
