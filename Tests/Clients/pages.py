"""Reads a server-rendered page as a browser without JavaScript would: its text and its forms."""

import html.parser


class Form:
    def __init__(self, attributes):
        self.action = attributes.get("action") or ""
        self.method = (attributes.get("method") or "get").upper()
        self.kind = attributes.get("enctype") or "application/x-www-form-urlencoded"
        self.fields = []

    def named(self):
        return {field["name"]: field for field in self.fields}

    def values(self):
        """What the browser would send when nobody touched the form."""
        found = {}
        for field in self.fields:
            if field["type"] in ("submit", "button", "file") or field["type"] in ("radio", "checkbox") and not field["checked"]:
                continue
            found[field["name"]] = field["value"]
        return found


class Page(html.parser.HTMLParser):
    """`forms`, `text`, `links`, and the elements and attributes that tell whether scripts are needed."""

    def __init__(self, body):
        super().__init__()
        self.forms, self.links, self.tags, self.pieces = [], [], set(), []
        self.labels, self.lang, self._select, self._area, self._silent = {}, None, None, None, 0
        self.feed(body.decode() if isinstance(body, bytes) else body)
        self.text = " ".join(" ".join(self.pieces).split())

    def handle_starttag(self, tag, pairs):
        got = dict(pairs)
        self.tags.add(tag)
        if tag == "html":
            self.lang = got.get("lang")
        elif tag == "form":
            self.forms.append(Form(got))
        elif tag == "a":
            self.links.append(got.get("href") or "")
        elif tag in ("script", "style"):
            self._silent += 1
        elif tag == "label":
            self.labels[got.get("for")] = True
        elif tag in ("input", "select", "textarea", "button") and self.forms and got.get("name"):
            field = {
                "name": got["name"], "id": got.get("id"), "type": got.get("type", "text") if tag == "input" else tag, "value": got.get("value") or "",
                "required": "required" in got, "checked": "checked" in got, "options": [], "maxlength": got.get("maxlength")}
            self.forms[-1].fields.append(field)
            if tag == "select":
                self._select = field
            if tag == "textarea":
                self._area = field
        elif tag == "option" and self._select is not None:
            self._select["options"].append(got.get("value") or "")
            if "selected" in got or len(self._select["options"]) == 1:
                self._select["value"] = got.get("value") or ""

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self._silent -= 1
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._area = None

    def handle_data(self, data):
        if self._area is not None:
            self._area["value"] += data
        elif not self._silent:
            self.pieces.append(data)
