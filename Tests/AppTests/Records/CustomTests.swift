import Base
import CRM
import Kernel
import TestKit
import Testing

@Suite struct CustomTests {
    @Test("a field made at run time is read, written, searched and kept")
    func aCustomFieldWorks() throws {
        let world = try World()
        try world.act(as: "admin") { env in
            let model = try env.search(ModelRecord.self, .where("model", .equal, "crm.lead"))[0]
            try env.create(
                FieldRecord.self, ["name": "x_beds", "field_description": "Beds", "model_id": .int(model.id), "ttype": "integer"])
            _ = try env.create(
                FieldRecord.self,
                [
                    "name": "x_kind", "field_description": "Kind", "model_id": .int(model.id), "ttype": "selection",
                    "selection": "[('a', 'A'), ('b', 'B')]",
                ])
        }
        let id = try world.act(as: "admin") { env in try env.create(Lead.self, ["name": "Clinic", "x_beds": 12, "x_kind": "a"]).id }
        try world.read(as: "admin") { env in
            let beds = try env.record(Lead.self, id).value("x_beds")
            #expect(beds == 12)
            #expect(try env.search(Lead.self, .where("x_beds", .greater, 10)).ids == [id])
            #expect(try env.search(Lead.self, .where("x_kind", .equal, "b")).isEmpty)
        }
        #expect(throws: Refusal.self) { try world.act(as: "admin") { env in try env.record(Lead.self, id).write(["x_kind": "c"]) } }
    }

    @Test("a model made at run time has records, rights and links like any other")
    func aCustomModelWorks() throws {
        let world = try World()
        try world.act(as: "admin") { env in
            _ = try env.create(
                ModelRecord.self,
                [
                    "name": "Ward", "model": "x_ward", "is_mail_thread": true,
                    "field_id": .list([
                        [0, 0, ["name": "x_floor", "field_description": "Floor", "ttype": "integer"]],
                        [0, 0, ["name": "x_lead_id", "field_description": "Lead", "ttype": "many2one", "relation": "crm.lead"]],
                    ]),
                ])
        }
        try world.act(as: "admin") { env in
            let lead = try env.create(Lead.self, ["name": "Clinic"])
            let ward = try env.registry.requireModel("x_ward")
            let made = try env.create(ward, [["x_name": "North", "x_floor": 3, "x_lead_id": .int(lead.id)]])
            let names = try made.names().map(\.name)
            #expect(names == ["North"])
            #expect(try env.search(ward, .where("x_lead_id.name", .equal, "Clinic")).ids == made.ids)
            #expect(try made.value("message_ids").idList?.count == 1)
        }
        try world.makeUser("ann", groups: ["crm.group_user"])
        #expect(throws: Refusal.self) {
            try world.read(as: "ann") { env in _ = try env.search(try env.registry.requireModel("x_ward"), .all) }
        }
    }

    @Test("names must begin with x_, and what an app declared cannot be changed")
    func appsAreProtected() throws {
        let world = try World()
        #expect(throws: Refusal.self) {
            try world.act(as: "admin") { env in
                let model = try env.search(ModelRecord.self, .where("model", .equal, "crm.lead"))[0]
                _ = try env.create(
                    FieldRecord.self, ["name": "beds", "field_description": "Beds", "model_id": .int(model.id), "ttype": "integer"])
            }
        }
        #expect(throws: Refusal.self) {
            try world.act(as: "admin") { env in try env.search(FieldRecord.self, .where("model", .equal, "crm.lead"), limit: 1).unlink() }
        }
        #expect(throws: Refusal.self) {
            try world.act(as: "admin") { env in _ = try env.create(ModelRecord.self, ["name": "Ward", "model": "ward"]) }
        }
    }

    @Test("a choice that goes is taken from the records that have it, and amounts follow the currency that their field names")
    func choicesGo() throws {
        let world = try World()
        try world.act(as: "admin") { env in
            let model = try env.search(ModelRecord.self, .where("model", .equal, "crm.lead"))[0]
            try env.create(
                FieldRecord.self,
                [
                    "name": "x_kind", "field_description": "Kind", "model_id": .int(model.id), "ttype": "selection",
                    "selection": "[('a', 'A'), ('b', 'B')]",
                ])
            try env.create(
                FieldRecord.self,
                [
                    "name": "x_currency_id", "field_description": "Currency", "model_id": .int(model.id), "ttype": "many2one",
                    "relation": "res.currency",
                ])
            try env.create(
                FieldRecord.self,
                [
                    "name": "x_fee", "field_description": "Fee", "model_id": .int(model.id), "ttype": "monetary",
                    "currency_field": "x_currency_id",
                ])
        }
        let id = try world.act(as: "admin") { env in
            let euro = try Reference.require("base.EUR", env)
            let lead = try env.create(Lead.self, ["name": "Clinic", "x_kind": "b", "x_fee": 1.005, "x_currency_id": .int(euro)])
            let fee = try lead.value("x_fee")
            #expect(fee == .amount(Amount(units: 1_010_000)))
            return lead.id
        }
        try world.act(as: "admin") { env in
            try env.search(FieldChoice.self, .where("field_id.name", .equal, "x_kind") & .where("value", .equal, "b")).unlink()
        }
        try world.read(as: "admin") { env in
            let kind = try env.record(Lead.self, id).value("x_kind")
            #expect(kind.isNull)
        }
    }

    @Test("numbers are drawn one after the other, and a rolled-back one is drawn again")
    func numbersAreDrawn() throws {
        let world = try World()
        let draw: @Sendable (Bool) throws -> String = { fails in
            try world.act { env in
                let number = try Sequences.next("care.referral", env) ?? ""
                if fails { throw Refusal("test.rollback", .invalid, "Rolled back.") }
                return number
            }
        }
        #expect(try draw(false) == "REF/2026/00001")
        #expect(throws: Refusal.self) { try draw(true) }
        #expect(try draw(false) == "REF/2026/00002")
    }
}
