"""Columns as one wants them, sums at the foot, and who else is at a record."""

import browser
from playwright.sync_api import expect
from test_desk import open_list


def heads(page):
    return page.locator(".gridhead [data-name]").evaluate_all("(cells) => cells.map((cell) => cell.dataset.name)")


class Columns(browser.Case):
    def test_columns_are_moved_and_widened_by_pointer_and_kept(self):
        """a column is moved by dragging its head and widened by its edge, sorting still works, and both are there after loading again"""
        page = open_list(self)
        before = heads(page)
        third = page.locator(f'[data-name="{before[2]}"]')
        first = page.locator(f'[data-name="{before[0]}"]').bounding_box()
        box = third.bounding_box()
        page.mouse.move(box["x"] + 20, box["y"] + 18)
        page.mouse.down()
        page.mouse.move(first["x"] + 30, box["y"] + 18, steps=6)
        page.mouse.up()
        expected = [before[2], before[0], before[1], *before[3:]]
        self.assertEqual(heads(page), expected)
        self.assertNotIn("sort=", page.url)
        box = page.locator(f'[data-name="{before[0]}"]').bounding_box()
        page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 18)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] + 77, box["y"] + 18, steps=4)
        page.mouse.up()
        wide = page.locator(f'[data-name="{before[0]}"]').bounding_box()["width"]
        self.assertAlmostEqual(wide, box["width"] + 80, delta=4)
        page.locator(f'[data-name="{before[0]}"] button').click()
        expect(page.locator(f'[data-name="{before[0]}"]')).to_have_attribute("aria-sort", "ascending")
        page.reload()
        page.locator(".gridrow.active").wait_for()
        self.assertEqual(heads(page), expected)
        self.assertAlmostEqual(page.locator(f'[data-name="{before[0]}"]').bounding_box()["width"], wide, delta=2)
        page.get_by_role("button", name="Columns").click()
        page.get_by_role("dialog", name="Columns").get_by_role("button", name="As it was").click()
        expect(page.locator(".gridhead [data-name]").first).to_have_attribute("data-name", before[0])
        page.wait_for_timeout(500)

    def test_columns_are_moved_widened_and_hidden_by_buttons(self):
        """everything that dragging does to columns is done by buttons, from the keyboard, and taken back at once"""
        page = open_list(self)
        before = heads(page)
        page.get_by_role("button", name="Columns").focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="Columns")
        self.assert_accessible(page, "choice of columns")
        self.shot(page, "columns")
        labels = dialog.locator("li .tick").all_inner_texts()
        dialog.get_by_role("button", name=f"Move {labels[1]} forward").focus()
        page.keyboard.press("Enter")
        self.assertEqual(heads(page)[:2], [before[1], before[0]])
        expect(dialog.get_by_role("button", name=f"Move {labels[1]} forward")).to_be_focused()
        width = page.locator(f'[data-name="{before[1]}"]').bounding_box()["width"]
        dialog.get_by_role("button", name=f"Make {labels[1]} wider").click()
        self.assertGreater(page.locator(f'[data-name="{before[1]}"]').bounding_box()["width"], width)
        dialog.get_by_role("checkbox", name=labels[2]).uncheck()
        self.assertNotIn(before[2], heads(page))
        dialog.get_by_role("button", name="As it was").click()
        self.assertEqual(heads(page), before)
        page.wait_for_timeout(500)

    def test_the_foot_holds_sums(self):
        """the foot of a list holds the sums of all that is found"""
        page = self.page("admin", "/app/opportunities/list")
        page.locator(".gridrow.active, .empty").first.wait_for()
        sums = self.call(page, "search", {"model": "crm.lead", "totals": True, "limit": 1})["totals"]
        if page.locator(".empty").count():
            self.call(page, "save", {"model": "crm.lead", "values": {"name": "Pump", "expected_revenue": 1234.5}})
            page.reload()
            sums = self.call(page, "search", {"model": "crm.lead", "totals": True, "limit": 1})["totals"]
        expect(page.locator(".gridfoot")).to_contain_text(f"{sums['expected_revenue']:,.2f}")
        self.assert_accessible(page, "list with sums")
        self.shot(page, "list-sums")

    def test_a_reference_is_never_cut_beside_a_record(self):
        """beside an open record the references stay whole"""
        page = open_list(self)
        page.locator(".gridbody .gridrow").first.click()
        expect(page.locator(".record h2")).to_contain_text("REF/")
        cut = page.locator(".gridbody .cell.title-cell").evaluate_all("(cells) => cells.filter((c) => c.scrollWidth > c.clientWidth + 1).map((c) => c.textContent)")
        self.assertEqual([text for text in cut if "REF/" in text], [])


class Inline(browser.Case):
    def test_one_field_is_changed_in_the_list_and_taken_back(self):
        """one field of a row is changed by the pencil or by F2, saved at once, and taken back"""
        page = open_list(self)
        view = self.call(page, "view", {"model": "care.referral"})
        name = next(field for field in view["list"]["bulk"] if field in view["list"]["columns"] and view["fields"][field]["type"] == "selection")
        cell = page.locator(f'.gridbody .gridrow >> nth=1 >> [data-field="{name}"]')
        before = cell.inner_text()
        cell.hover()
        page.get_by_role("button", name="Change ").first.click()
        dialog = page.get_by_role("dialog")
        select = dialog.get_by_role("combobox")
        other = next(text for text in select.locator("option").all_inner_texts() if text and text != before)
        select.select_option(label=other)
        self.assert_accessible(page, "a field changed in the list")
        dialog.get_by_role("button", name="Save").click()
        expect(page.locator(".toast")).to_contain_text("was changed")
        expect(cell).to_contain_text(other)
        page.keyboard.press("Control+z")
        expect(page.locator(".toast")).to_contain_text("Taken back")
        expect(cell).to_contain_text(before)
        page.get_by_role("grid").focus()
        page.keyboard.press("F2")
        expect(dialog.get_by_label("New value")).to_be_visible()
        self.shot(page, "inline")
        page.keyboard.press("Escape")


class Presence(browser.Case):
    def test_two_people_see_each_other_at_a_record(self):
        """whoever has a record open is seen in the list and at the record by others, and no longer once they leave"""
        ada = open_list(self)
        row = ada.locator(".gridbody .gridrow").nth(1)
        row.click()
        expect(ada.locator(".record h2")).to_contain_text("REF/")
        name = ada.locator(".record h2").inner_text()
        manager = self.page("manager", "/app/referrals/list?q=" + name)
        other = manager.locator(".gridbody .gridrow", has_text=name)
        expect(other.locator(".here")).to_have_count(1, timeout=15_000)
        self.assertIn("Opened by", other.locator(".here").inner_text())
        other.click()
        expect(manager.locator(".others")).to_contain_text("Also opened by", timeout=15_000)
        expect(ada.locator(".others")).to_contain_text("Also opened by", timeout=15_000)
        self.shot(manager, "presence")
        self.assert_accessible(manager, "a record that two have open")
        ada.get_by_role("button", name="Close", exact=True).click()
        expect(manager.locator(".others")).to_have_count(0, timeout=15_000)


class Slow(browser.Case):
    def test_a_slow_answer_says_so_and_can_be_given_up(self):
        """after four seconds a list says that it still loads; giving up keeps what was there, and trying again works"""
        page = open_list(self)
        held = []
        page.route("**/app/api/search", lambda route: held.append(route))
        page.get_by_role("columnheader").nth(1).get_by_role("button").click()
        expect(page.locator(".slow")).to_contain_text("Still loading", timeout=8_000)
        self.shot(page, "slow")
        self.assert_accessible(page, "a slow list")
        page.locator(".slow").get_by_role("button", name="Cancel").click()
        expect(page.locator(".slow")).to_have_count(0)
        page.locator(".gridrow.active").wait_for()
        page.unroute("**/app/api/search")
        page.get_by_role("columnheader").nth(1).get_by_role("button").click()
        expect(page.get_by_role("columnheader").nth(1)).to_have_attribute("aria-sort", "descending")
