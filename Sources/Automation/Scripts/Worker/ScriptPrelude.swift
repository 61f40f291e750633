/// What a script finds around it, in JavaScript.
///
/// It runs in the script's own context, so that a script can spoil it, for itself only: whatever it asks is checked by the host. Its
/// value is a function of `ask` and `tell` that gives `[begin, finish, describe]`.
enum ScriptPrelude {
    /// The whole text.
    static let text = "(function (ask, tell) { 'use strict';\n" + [clock, records, environment, ends].joined(separator: "\n") + "\n})"

    /// Time and chance come from the run; what would bring in anything else is taken away.
    private static let clock = #"""
        let now = 0, chance = 0;
        for (const name of ["WebAssembly", "SharedArrayBuffer", "Atomics", "WeakRef", "FinalizationRegistry", "console"]) delete globalThis[name];
        const hide = (object, name, value) => Object.defineProperty(object, name, {value, writable: true, configurable: true});
        const RealDate = Date;
        function FixedDate(...parts) {
          if (new.target === undefined) return new RealDate(now).toString();
          return Reflect.construct(RealDate, parts.length > 0 ? parts : [now], new.target);
        }
        hide(FixedDate, "name", "Date");
        hide(FixedDate, "length", 7);
        Object.defineProperty(FixedDate, "prototype", {value: RealDate.prototype, writable: false});
        hide(FixedDate, "now", function () { return now; });
        hide(FixedDate, "parse", RealDate.parse);
        hide(FixedDate, "UTC", RealDate.UTC);
        hide(RealDate.prototype, "constructor", FixedDate);
        hide(globalThis, "Date", FixedDate);
        const dates = Intl.DateTimeFormat.prototype;
        const realFormat = Object.getOwnPropertyDescriptor(dates, "format").get;
        const realParts = dates.formatToParts;
        Object.defineProperty(dates, "format", {configurable: true, get: function () {
          const format = realFormat.call(this);
          return (date) => format(date === undefined ? now : date);
        }});
        hide(dates, "formatToParts", function (date) { return realParts.call(this, date === undefined ? now : date); });
        // A counter hashed twice (splitmix32): 53 bits from two words.
        const word = () => {
          chance = (chance + 0x9e3779b9) | 0;
          let mixed = Math.imul(chance ^ (chance >>> 16), 0x21f0aaad);
          mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
          return (mixed ^ (mixed >>> 15)) >>> 0;
        };
        hide(Math, "random", function random() { return ((word() >>> 5) * 67108864 + (word() >>> 6)) / 9007199254740992; });
        """#

    /// Recordsets: fields by name, read for all records that came together, and forgotten after each change.
    private static let records = #"""
        const {parse, stringify} = JSON;
        class UserError extends Error {
          constructor(message) { super(message); this.name = "UserError"; }
        }
        class Refused extends Error {
          constructor(refusal) { super(refusal.message); this.name = "Refused"; this.code = refusal.code; }
        }
        const call = (name, given) => {
          const answer = parse(ask(stringify([name, given])));
          if (answer.refused) throw new Refused(answer.refused);
          return answer.value;
        };
        const change = (name, given) => {
          for (const column of columns.values()) column.values = new Map();
          return call(name, given);
        };
        const columns = new Map(), most = 1000;
        const take = (model, name, ids, answer) => {
          const key = model + " " + name;
          let column = columns.get(key);
          if (column === undefined) columns.set(key, column = {kind: answer.kind, model: answer.model, values: new Map()});
          for (let at = 0; at < answer.values.length; at++) column.values.set(ids[at], answer.values[at]);
          column.group = undefined;
          return column;
        };
        const read = (set, name) => {
          let column = columns.get(set.model + " " + name);
          const lacks = (id) => column === undefined || !column.values.has(id);
          if (column !== undefined && (column.kind === "method" || set.ids.every((id) => column.values.has(id)))) return column;
          const own = set.ids.filter(lacks);
          const wanted = [...new Set([...own, ...set.group.filter(lacks).slice(0, most)])];
          const count = Math.max(own.length, Math.min(wanted.length, most));
          for (let at = 0; at === 0 || at < count; at += most) {
            const part = wanted.slice(at, Math.min(at + most, count));
            column = take(set.model, name, part, call("read", {model: set.model, field: name, ids: part, own: Math.min(part.length, Math.max(own.length - at, 0))}));
          }
          return column;
        };
        const value = (set, name) => {
          const column = read(set, name);
          if (column.kind === "method") return (given = {}) => set.call(name, given);
          const found = set.ids.map((id) => column.values.get(id));
          if (column.kind === "value") {
            if (found.length > 1) throw new TypeError("'" + name + "' was asked of " + found.length + " records; ask one: for (const record of records)");
            return found.length === 0 ? null : found[0];
          }
          if (column.group === undefined) column.group = [...new Set([...column.values.values()].flat())].filter((id) => id !== null);
          const ids = [...new Set(found.flat())].filter((id) => id !== null);
          return column.kind === "one" && ids.length === 0 ? null : recordset(column.model, ids, column.group);
        };
        class Recordset {
          constructor(model, ids, group) { this.model = model; this.ids = ids; hide(this, "group", group); Object.freeze(this.ids); Object.freeze(this); }
          get length() { return this.ids.length; }
          get id() { return this.ids.length === 0 ? null : this.ids[0]; }
          get first() { return this.ids.length === 0 ? null : recordset(this.model, this.ids.slice(0, 1), this.group); }
          *[Symbol.iterator]() { for (const id of this.ids) yield recordset(this.model, [id], this.group); }
          get(name) { return value(this, name); }
          write(values) { change("write", {model: this.model, ids: this.ids, values}); return true; }
          unlink() { change("unlink", {model: this.model, ids: this.ids}); return true; }
          copy(values = {}) { return recordset(this.model, change("copy", {model: this.model, ids: this.ids, values})); }
          call(name, given = {}) { return change("call", {model: this.model, ids: this.ids, name, given}); }
          exists() { return recordset(this.model, call("exists", {model: this.model, ids: this.ids}), this.group); }
          map(body) { return [...this].map(body); }
          forEach(body) { [...this].forEach(body); }
          some(body) { return [...this].some(body); }
          every(body) { return [...this].every(body); }
          find(body) { return [...this].find(body) ?? null; }
          filter(body) { return recordset(this.model, [...this].filter(body).map((record) => record.ids[0]), this.group); }
          mapped(name) {
            const column = read(this, name);
            return column.kind === "one" || column.kind === "many" ? value(this, name) ?? recordset(column.model, []) : this.map((record) => value(record, name));
          }
          toJSON() { return this.ids; }
          toString() { return this.model + "(" + this.ids.join(", ") + ")"; }
        }
        const traps = {
          get(target, name, self) { return typeof name === "symbol" || name in target ? Reflect.get(target, name, self) : value(target, name); },
          set(target, name, given) {
            if (typeof name === "symbol" || name in target) throw new TypeError("'" + String(name) + "' of a recordset cannot be set; use write().");
            return target.write({[name]: given});
          },
        };
        const recordset = (model, ids, group) => new Proxy(new Recordset(model, ids, group ?? ids), traps);
        """#

    /// `env`, `log`, `Command`.
    private static let environment = #"""
        const numbers = (ids) => (ids === null || ids === undefined ? [] : typeof ids === "number" ? [ids] : [...(ids.ids ?? ids)]);
        const environment = (given) => {
          const env = (model) => Object.freeze({
            model,
            search: (domain = [], {limit = 0, offset = 0, order = ""} = {}) => recordset(model, call("search", {model, domain, limit, offset, order})),
            count: (domain = []) => call("count", {model, domain}),
            browse: (ids) => recordset(model, numbers(ids)),
            create: (values) => recordset(model, change("create", {model, values: Array.isArray(values) ? values : [values]})),
            call: (name, given = {}) => change("call", {model, ids: [], name, given}),
          });
          env.uid = given.uid;
          env.now = given.now;
          env.today = given.today;
          env.context = Object.freeze(given.context ?? {});
          env.user = given.uid ? recordset("res.users", [given.uid]) : null;
          env.company = given.company ? recordset("res.company", [given.company]) : null;
          env.hasGroup = (group) => call("group", {group});
          return Object.freeze(env);
        };
        const levels = ["debug", "info", "warning", "error", "critical"];
        const log = (message, level = "info") => {
          if (!levels.includes(level)) throw new TypeError("The level of log() is one of " + levels.join(", ") + ".");
          tell(stringify([level, (typeof message === "string" ? message : stringify(message) ?? String(message)).toWellFormed().slice(0, 10000)]));
        };
        const Command = Object.freeze({
          create: (values) => [0, 0, values], update: (id, values) => [1, id, values], delete: (id) => [2, id, 0],
          unlink: (id) => [3, id, 0], link: (id) => [4, id, 0], clear: () => [5, 0, 0], set: (ids) => [6, 0, numbers(ids)],
        });
        """#

    /// The beginning, the good end and the bad one.
    private static let ends = #"""
        const begin = (text) => {
          const given = parse(text);
          now = given.now;
          chance = given.seed | 0;
          for (const name of Object.keys(given.columns ?? {})) take(given.model, name, given.ids, given.columns[name]);
          const env = environment(given.env ?? {});
          const records = given.model ? recordset(given.model, given.ids) : null;
          return [env, given.model ? env(given.model) : null, records, records === null ? null : records.first, given.payload ?? null, log, UserError, Command];
        };
        const finish = (result) => {
          const answer = result === undefined ? globalThis.action : result;
          if (answer instanceof Promise) throw new TypeError("A script cannot return a promise: it runs to its end at once.");
          return stringify(answer ?? null) ?? "null";
        };
        // The engine puts two lines before the text of a function.
        const describe = (error, isSyntax) => {
          try {
            if (!(error instanceof Error)) return stringify({kind: "error", message: String(error).toWellFormed().slice(0, 2000)});
            const frame = /(?:^|@)script:(\d+):(\d+)$/m.exec(String(error.stack));
            const place = isSyntax ? [0, error.line, error.column] : frame ?? [];
            const kind = isSyntax ? "syntax" : error instanceof UserError ? "user" : error instanceof Refused ? "refused" : "error";
            const message = (kind === "user" ? String(error.message) : error.name + ": " + error.message).toWellFormed().slice(0, 2000);
            return stringify({kind, message, code: kind === "refused" ? String(error.code) : undefined, line: place[1] > 2 ? place[1] - 2 : null, column: Number(place[2]) || null});
          } catch { return stringify({kind: "error", message: "The script failed and its error cannot be read."}); }
        };
        return [begin, finish, describe];
        """#
}
