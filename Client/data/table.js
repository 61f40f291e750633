// @ts-check
// Tables in files: CSV and XLSX, read and written by ourselves.

/**
 * Rows of a CSV text; the separator is found, quotes may hold line breaks.
 * @param {string} text
 * @returns {string[][]}
 */
export function readCSV(text) {
  const body = text.replace(/^\uFEFF/, '')
  const first = body.split('\n', 1)[0]
  const separator = [',', ';', '\t'].map((mark) => ({ mark, count: first.split(mark).length })).sort((a, b) => b.count - a.count)[0].mark
  const rows = [['']]
  let isQuoted = false
  for (let i = 0; i < body.length; i++) {
    const sign = body[i]
    const row = rows[rows.length - 1]
    if (isQuoted) {
      if (sign !== '"') row[row.length - 1] += sign
      else if (body[i + 1] === '"') row[row.length - 1] += body[++i]
      else isQuoted = false
    } else if (sign === '"' && row[row.length - 1] === '') isQuoted = true
    else if (sign === separator) row.push('')
    else if (sign === '\n') rows.push([''])
    else if (sign !== '\r') row[row.length - 1] += sign
  }
  return rows.filter((row) => row.some((cell) => cell !== ''))
}

/**
 * A cell that a spreadsheet would take for a formula is kept as text.
 * @param {any} value
 */
const csvCell = (value) => {
  const text = String(value ?? '')
  const safe = /^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text
  return /[",\n\r;]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe
}
/**
 * @param {any[][]} rows
 */
export const writeCSV = (rows) => `\uFEFF${rows.map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`

const escaped = (/** @type {any} */ value) => String(value).replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g, '').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
const column = (/** @type {number} */ index) => {
  let name = ''
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) name = String.fromCharCode(65 + ((rest - 1) % 26)) + name
  return name
}

/**
 * A workbook of one sheet: the first row is the head; numbers stay numbers, everything else is text.
 * @param {any[][]} rows
 * @param {string} title
 * @returns {Blob}
 */
export function writeXLSX(rows, title) {
  const cells = rows.map((row, r) => `<row r="${r + 1}">${row.map((value, c) => (typeof value === 'number'
    ? `<c r="${column(c)}${r + 1}"><v>${value}</v></c>`
    : `<c r="${column(c)}${r + 1}" t="inlineStr"${r === 0 ? ' s="1"' : ''}><is><t xml:space="preserve">${escaped(value ?? '')}</t></is></c>`)).join('')}</row>`).join('')
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  return zip({
    '[Content_Types].xml': `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${types}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/></Types>`,
    '_rels/.rels': `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${escaped(title.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31))}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `${head}<styleSheet xmlns="${main}"><fonts count="2"><font/><font><b/></font></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>${cells}</sheetData></worksheet>`,
  })
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})
/** @param {Uint8Array} bytes */
const crc32 = (bytes) => {
  let crc = -1
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 255]
  return (crc ^ -1) >>> 0
}

/**
 * An archive without compression. Source: PKWARE APPNOTE 6.3.
 * @param {Record<string, string>} files
 */
function zip(files) {
  const encoder = new TextEncoder()
  /** @type {Uint8Array[]} */
  const parts = []
  /** @type {Uint8Array[]} */
  const central = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const [label, bytes] = [encoder.encode(name), encoder.encode(text)]
    const record = (/** @type {boolean} */ isCentral) => {
      const view = new DataView(new ArrayBuffer(isCentral ? 46 : 30))
      view.setUint32(0, isCentral ? 0x02014b50 : 0x04034b50, true)
      const at = isCentral ? 6 : 4
      if (isCentral) view.setUint16(4, 20, true)
      view.setUint16(at, 20, true)
      view.setUint16(at + 2, 0x0800, true)
      view.setUint32(at + 6, 0x00210000, true)
      view.setUint32(at + 10, crc32(bytes), true)
      view.setUint32(at + 14, bytes.length, true)
      view.setUint32(at + 18, bytes.length, true)
      view.setUint16(at + 22, label.length, true)
      if (isCentral) view.setUint32(42, offset, true)
      return new Uint8Array(view.buffer)
    }
    central.push(record(true), label)
    const local = record(false)
    parts.push(local, label, bytes)
    offset += local.length + label.length + bytes.length
  }
  const size = central.reduce((sum, part) => sum + part.length, 0)
  const end = new DataView(new ArrayBuffer(22))
  end.setUint32(0, 0x06054b50, true)
  end.setUint16(8, Object.keys(files).length, true)
  end.setUint16(10, Object.keys(files).length, true)
  end.setUint32(12, size, true)
  end.setUint32(16, offset, true)
  return new Blob([...parts, ...central, new Uint8Array(end.buffer)], { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' })
}

/** How much a workbook's parts may unpack to. */
const UNPACKED_LIMIT = 64 << 20

/**
 * The rows of a workbook's first sheet, as texts.
 * @param {ArrayBuffer} buffer
 * @returns {Promise<string[][]>}
 */
export async function readXLSX(buffer) {
  const files = await unzip(buffer, (name) => /^xl\/(worksheets\/sheet1|sharedStrings)\.xml$/.test(name))
  const shared = files['xl/sharedStrings.xml'] ? [...xmlItems(files['xl/sharedStrings.xml'], 'si')] : []
  const rows = []
  for (const row of xmlParts(files['xl/worksheets/sheet1.xml'] ?? '', 'row')) {
    /** @type {string[]} */
    const cells = []
    for (const { attributes, content } of xmlParts(row.content, 'c', true)) {
      const letters = /r="([A-Z]+)\d+"/.exec(attributes)?.[1] ?? ''
      const at = letters ? [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1 : cells.length
      if (at > 500) break
      const kind = /t="(\w+)"/.exec(attributes)?.[1]
      const raw = unescaped(/<v[^>]*>([\s\S]*?)<\/v>/.exec(content)?.[1] ?? '')
      while (cells.length < at) cells.push('')
      cells[at] = kind === 's' ? (shared[Number(raw)] ?? '') : kind === 'inlineStr' ? textOf(content) : raw
    }
    rows.push(cells)
  }
  return rows.filter((cells) => cells.some((cell) => cell !== ''))
}

const unescaped = (/** @type {string} */ text) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))).replace(/&amp;/g, '&')
const textOf = (/** @type {string} */ markup) => unescaped([...markup.matchAll(/<t[^>]*>([\s\S]*?)<\/t>/g)].map((match) => match[1]).join(''))
/** @param {string} markup @param {string} name */
function* xmlItems(markup, name) {
  for (const part of xmlParts(markup, name)) yield textOf(part.content)
}
/** @param {string} markup @param {string} name @param {boolean} [mayBeEmpty] */
function* xmlParts(markup, name, mayBeEmpty = false) {
  const pattern = new RegExp(`<${name}(\\s[^>]*?)?(/>|>([\\s\\S]*?)</${name}>)`, 'g')
  for (const match of markup.matchAll(pattern)) if (mayBeEmpty || match[3] !== undefined) yield { attributes: match[1] ?? '', content: match[3] ?? '' }
}

/**
 * The wanted files of an archive.
 * @param {ArrayBuffer} buffer
 * @param {(name: string) => boolean} isWanted
 */
async function unzip(buffer, isWanted) {
  const view = new DataView(buffer)
  /** @type {Record<string, string>} */
  const files = {}
  let end = buffer.byteLength - 22
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--
  if (end < 0) throw new Error('not a workbook')
  let at = view.getUint32(end + 16, true)
  for (let n = view.getUint16(end + 10, true); n > 0; n--) {
    const [method, size, labelLength] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true), view.getUint16(at + 28, true)]
    const name = new TextDecoder().decode(new Uint8Array(buffer, at + 46, labelLength))
    const local = view.getUint32(at + 42, true)
    at += 46 + labelLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    if (!isWanted(name)) continue
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    const packed = new Uint8Array(buffer, start, size)
    files[name] = method === 0 ? new TextDecoder().decode(packed) : await inflate(packed)
  }
  return files
}

/** @param {Uint8Array} packed */
async function inflate(packed) {
  const reader = new Blob([packed]).stream().pipeThrough(new /** @type {any} */ (globalThis).DecompressionStream('deflate-raw')).getReader()
  /** @type {Uint8Array[]} */
  const parts = []
  let total = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    total += value.length
    if (total > UNPACKED_LIMIT) throw new Error('the workbook is too large')
    parts.push(value)
  }
  return new TextDecoder().decode(await new Blob(parts).arrayBuffer())
}
