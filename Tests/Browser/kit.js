// Tests of the kit, run inside a page: `run(base)` answers a list of [sentence, null or what was wrong].

async function run(base) {
  const { computed, effect, flush, onCleanup, root, signal, untracked } = await import(`${base}/kit/reactive.js`)
  const { component, each, html, mount } = await import(`${base}/kit/html.js`)
  const { parseTyped, readFacet, writeFacet, facetDomain } = await import(`${base}/views/query.js`)
  const { readDay, moment, serverMoment } = await import(`${base}/data/format.js`)
  const { resolveConflict } = await import(`${base}/views/conflict.js`)
  const { same, outgoing } = await import(`${base}/fields/edit.js`)
  const { readCSV, readXLSX, writeCSV, writeXLSX } = await import(`${base}/data/table.js`)
  const { isDecision } = await import(`${base}/fields/edit/decision.js`)
  const { ticks, limited } = await import(`${base}/views/charts.js`)
  const { t } = await import(`${base}/lang/words.js`)
  const tests = []
  const test = (sentence, body) => tests.push([sentence, body])
  const equal = (got, wanted, what = '') => {
    if (JSON.stringify(got) !== JSON.stringify(wanted)) throw new Error(`${what} got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`)
  }
  const host = () => document.body.appendChild(document.createElement('section'))

  test('an effect runs once for many changes, and never sees half of them', () => {
    const [a, b] = [signal(1), signal(2)]
    const sum = computed(() => a.value + b.value)
    const seen = []
    const stop = effect(() => seen.push(sum.value))
    a.value = 10
    b.value = 20
    flush()
    stop()
    equal(seen, [3, 30])
  })
  test('an effect does not run again when what it reads has the same value', () => {
    const word = signal('a b')
    const length = computed(() => word.value.length)
    let runs = 0
    const stop = effect(() => {
      length.value
      runs++
    })
    word.value = 'c d'
    flush()
    equal(runs, 1)
    word.value = 'longer'
    flush()
    stop()
    equal(runs, 2)
  })
  test('a diamond of computed values is computed once', () => {
    const a = signal(1)
    let runs = 0
    const [left, right] = [computed(() => a.value + 1), computed(() => a.value * 2)]
    const both = computed(() => {
      runs++
      return left.value + right.value
    })
    const stop = effect(() => both.value)
    a.value = 5
    flush()
    stop()
    equal([runs, both.peek()], [2, 16])
  })
  test('what an effect made is disposed before it runs again and at its end', () => {
    const on = signal(0)
    const log = []
    const stop = effect(() => {
      const number = on.value
      onCleanup(() => log.push(number))
    })
    on.value = 1
    flush()
    stop()
    equal(log, [0, 1])
  })
  test('untracked reads subscribe to nothing', () => {
    const a = signal(0)
    let runs = 0
    const stop = effect(() => {
      untracked(() => a.value)
      runs++
    })
    a.value = 1
    flush()
    stop()
    equal(runs, 1)
  })
  test('holes of every kind show and follow their values', () => {
    const place = host()
    const [text, on, name] = [signal('one'), signal(true), signal('x')]
    let pressed = 0
    const stop = mount(place, () => html`<p class=${name} ?hidden=${on} .title=${text} @click=${() => pressed++} style=${() => ({ '--part': name.value })}>${text} ${() => [html`<b>b</b>`, 'c']}${null}</p>`)
    const p = place.querySelector('p')
    equal([p.className, p.hidden, p.title, p.textContent.trim(), p.style.getPropertyValue('--part')], ['x', true, 'one', 'one bc', 'x'])
    text.value = 'two'
    on.value = false
    name.value = 'y'
    flush()
    p.click()
    equal([p.className, p.hidden, p.title, p.textContent.trim(), pressed], ['y', false, 'two', 'two bc', 1])
    stop()
    equal(place.childNodes.length, 0)
    place.remove()
  })
  test('text from data is never markup', () => {
    const place = host()
    const stop = mount(place, () => html`<p>${'<img src=x onerror=alert(1)>'}</p>`)
    equal(place.querySelector('img'), null)
    stop()
    place.remove()
  })
  test('a keyed list moves elements, keeps them and their focus, and removes the rest', () => {
    const place = host()
    const items = signal(['a', 'b', 'c', 'd'])
    const stop = mount(place, () => html`<ul>${each(() => items.value, (item) => item, (item) => html`<li><button>${item}</button></li>`)}</ul>`)
    const before = [...place.querySelectorAll('li')]
    before[2].firstElementChild.focus()
    items.value = ['d', 'c', 'x', 'a']
    flush()
    const after = [...place.querySelectorAll('li')]
    equal(after.map((li) => li.textContent), ['d', 'c', 'x', 'a'])
    equal([after[1] === before[2], after[3] === before[0], document.activeElement.textContent], [true, true, 'c'])
    stop()
    place.remove()
  })
  test('a component is not built again by signals that it reads while it is built', () => {
    const place = host()
    const count = signal(0)
    let builds = 0
    const part = component(() => {
      builds++
      return html`<input value=${String(count.value)}>`
    })
    const stop = mount(place, () => html`<div>${() => part()}</div>`)
    place.querySelector('input').focus()
    count.value = 1
    flush()
    equal([builds, document.activeElement.tagName], [1, 'INPUT'])
    stop()
    place.remove()
  })
  test('a thousand mounts leave nothing behind', () => {
    const place = host()
    const shared = signal(0)
    let runs = 0
    for (let i = 0; i < 1000; i++) mount(place, () => html`<p>${() => { runs++; return shared.value }}</p>`)()
    runs = 0
    shared.value = 1
    flush()
    equal([runs, place.childNodes.length], [0, 0])
    place.remove()
  })
  test('typed words become facets where they name a field, and stay words where they do not', () => {
    const view = { fields: { stage: { string: 'Stage', type: 'selection', selection: [['review', 'Documentation review'], ['triage', 'Clinical triage']] }, received_on: { string: 'Received on', type: 'datetime' }, patient_id: { string: 'Patient', type: 'many2one' } } }
    const { facets, rest } = parseTyped('okafor stage:clin -stage:review received_on>2026-03-01 patient:"de la Cruz" a:b', view)
    equal(facets.map((f) => [f.field, f.how, f.values]), [['stage', 'is', ['triage']], ['stage', 'not', ['review']], ['received_on', 'after', ['2026-03-01']], ['patient_id', 'has', ['de la Cruz']]])
    equal(rest, 'okafor a:b')
  })
  test('a facet survives its way through an address, and becomes conditions of the server', () => {
    const facet = { field: 'user_id', how: 'is', values: ['3', '4'], labels: ['Nora', 'Sam'] }
    equal(readFacet(writeFacet(facet)), facet)
    equal(readFacet('no facet'), null)
    equal(facetDomain(facet, { type: 'many2one' }), [['user_id', 'in', [3, 4]]])
    equal(facetDomain({ field: 'name', how: 'has', values: ['a', 'b'], labels: [] }, { type: 'char' }), ['|', ['name', 'ilike', 'a'], ['name', 'ilike', 'b']])
  })
  test('days are understood in the ways in which people write them', () => {
    equal(['1984-04-03', '3 apr 84', 'Apr 3 1984', '4/3/1984', '25.4.2026'].map(readDay), ['1984-04-03', '1984-04-03', '1984-04-03', '1984-04-03', '2026-04-25'])
    equal(['', 'soon', '31 feb 2026', '99'].map(readDay), [null, null, null, null])
    equal(serverMoment(moment('2026-03-08 09:30:00')), '2026-03-08 09:30:00')
  })
  test('values are compared and sent as the server takes them', () => {
    equal([same(false, ''), same({ id: 3, display_name: 'a' }, { id: 3 }), same([{ id: 1 }], [{ id: 2 }])], [true, true, false])
    equal([outgoing({ id: 3 }, { type: 'many2one' }), outgoing([{ id: 1 }, { id: 2 }], { type: 'many2many' }), outgoing('', { type: 'char' }), outgoing('a<b', { type: 'html' })], [3, [[6, 0, [1, 2]]], false, '<p>a&lt;b</p>'])
    // Markup that is edited as code goes as it is.
    equal(outgoing('<b>a</b>', { type: 'html', code: { language: 'html' } }), '<b>a</b>')
  })
  test('changes of two people to different fields are brought together without a question', async () => {
    const view = { fields: { a: { string: 'A', type: 'char' }, b: { string: 'B', type: 'char' } } }
    equal(await resolveConflict({ view, base: { a: 1, b: 1 }, theirs: { a: 2, b: 1 }, mine: { b: 3 }, changes: [] }), { b: 3 })
  })
  test('a workbook that was written is read again, with what XML and spreadsheets find special', async () => {
    const rows = [['Name', 'Amount'], ['<b> & "quotes" é 漢', 12.5], ['', -3], ['=SUM(A1)', 0]]
    const blob = writeXLSX(rows, 'A [sheet]: with/marks?')
    equal(await readXLSX(await blob.arrayBuffer()), rows.map((row) => row.map(String)))
  })
  test('what is no workbook is refused', async () => {
    let refused = false
    await readXLSX(new TextEncoder().encode('no workbook at all, just words').buffer).catch(() => (refused = true))
    equal(refused, true)
  })
  test('CSV is read with any separator, quotes and line breaks, and written without formulas', () => {
    equal(readCSV('\uFEFFa;b\r\n"1;2";"x ""y""\nz"\r\n'), [['a', 'b'], ['1;2', 'x "y"\nz']])
    equal(readCSV('a\tb\n1\t2'), [['a', 'b'], ['1', '2']])
    equal(writeCSV([['=1+1', '-5', '@x', 'a,b']]), `\uFEFF'=1+1,-5,'@x,"a,b"\r\n`)
  })
  test('an axis begins at zero, has round steps and reaches the largest value', () => {
    for (const most of [1, 3, 9, 11, 97, 1234]) {
      const steps = ticks(most)
      equal([steps[0], steps[steps.length - 1] >= most, steps.length <= 7], [0, true, true], String(most))
    }
    const many = Array.from({ length: 9 }, (_, i) => ({ name: String(i), values: [i] }))
    equal([limited(many).length, limited(many).at(-1).values[0]], [6, 0 + 1 + 2 + 3])
  })
  test('a decision table is told from other structured data', () => {
    equal([isDecision({ inputs: [], outputs: [], rules: [] }), isDecision({ inputs: 1 }), isDecision(false)], [true, false, false])
  })
  test('sentences are filled in and follow the plural rule', () => {
    equal([t('{n|one record|{n} records} changed', { n: 1 }), t('{n|one record|{n} records} changed', { n: 1200 }), t('{a} of {b}', { a: 'x', b: 2 })], ['one record changed', '1,200 records changed', 'x of 2'])
  })
  test('a root disposes everything that was made in it', () => {
    const a = signal(0)
    let runs = 0
    const stop = root(() => effect(() => {
      a.value
      runs++
    }))
    stop()
    a.value = 1
    flush()
    equal(runs, 1)
  })

  const results = []
  for (const [sentence, body] of tests) {
    try {
      await body()
      results.push([sentence, null])
    } catch (error) {
      results.push([sentence, String(error.stack ?? error)])
    }
  }
  return results
}
