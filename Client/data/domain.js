// @ts-check
// Conditions in the notation in which the server keeps them, as a list of lines that people can read and change.

/** @typedef {{ field: string, sign: string, value: any }} Line */
/** @typedef {{ every: boolean, lines: Line[] }} Conditions */

/**
 * A value as the notation writes it: lists, texts, numbers, truth values.
 * @param {any} value
 * @returns {string}
 */
const written = (value) => Array.isArray(value) ? `[${value.map(written).join(', ')}]` : typeof value === 'string' ? `'${value.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'` : value === null || value === undefined ? 'False' : value === true ? 'True' : value === false ? 'False' : String(value)

/**
 * Reads a text of the notation.
 * @param {string} text
 * @returns {any} lists and plain values; undefined when it holds names or sums, which only a person reads
 */
export function readText(text) {
  let at = 0
  const skip = () => { while (/\s/.test(text[at] ?? '')) at++ }
  /** @returns {any} */
  function value() {
    skip()
    const sign = text[at]
    if (sign === '[' || sign === '(') return list(sign === '[' ? ']' : ')')
    if (sign === "'" || sign === '"') return quoted(sign)
    const word = /^(True|False|None|-?\d+(?:\.\d+)?)(?![\w.])/.exec(text.slice(at))
    if (!word) throw new Error('a name')
    at += word[0].length
    return word[1] === 'True' ? true : word[1] === 'False' || word[1] === 'None' ? false : Number(word[1])
  }
  /** @param {string} end */
  function list(end) {
    at++
    const items = []
    for (skip(); text[at] !== end; skip()) {
      if (at >= text.length) throw new Error('no end')
      items.push(value())
      skip()
      if (text[at] === ',') at++
      else if (text[at] !== end) throw new Error('no comma')
    }
    at++
    return items
  }
  /** @param {string} mark */
  function quoted(mark) {
    let read = ''
    for (at++; text[at] !== mark; at++) {
      if (at >= text.length) throw new Error('no end')
      if (text[at] === '\\') at++
      read += text[at]
    }
    at++
    return read
  }
  try {
    const read = value()
    skip()
    return at === text.length ? read : undefined
  } catch {
    return undefined
  }
}

/**
 * Conditions as lines that must all hold, or of which one must; undefined where the text says more than that.
 * @param {string} text
 * @returns {Conditions | undefined}
 */
export function readConditions(text) {
  if (!text.trim()) return { every: true, lines: [] }
  const read = readText(text)
  if (!Array.isArray(read)) return undefined
  const joins = read.filter((item) => typeof item === 'string')
  const lines = read.filter((item) => Array.isArray(item))
  if (joins.length + lines.length !== read.length || joins.some((join) => join !== joins[0]) || joins.includes('!')) return undefined
  if (joins[0] === '|' && joins.length !== lines.length - 1) return undefined
  if (lines.some((line) => line.length !== 3 || typeof line[0] !== 'string' || typeof line[1] !== 'string')) return undefined
  return { every: joins[0] !== '|', lines: lines.map(([field, sign, value]) => ({ field, sign, value })) }
}

/**
 * The text of conditions.
 * @param {Conditions} conditions
 */
export function writeConditions({ every, lines }) {
  if (!lines.length) return ''
  const joins = every ? [] : Array(lines.length - 1).fill("'|'")
  return `[${[...joins, ...lines.map((line) => `(${written(line.field)}, ${written(line.sign)}, ${written(line.value)})`)].join(', ')}]`
}
