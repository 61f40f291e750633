import Base
import Kernel
import TestKit
import Testing

@testable import Approvals

/// Policies whose approvers show once more who they are.
@Suite struct ApprovalProofTests {
    private func call(_ ward: Ward, _ action: String, _ request: Int, _ proof: Proof?) throws {
        try ward.world.act(as: "bob") { env in
            if let proof { FreshProof.note(proof, in: env) }
            _ = try env.records(Request.self, [request]).call(action, ["comment": "x"])
        }
    }

    @Test("where the released policy says so, nobody agrees or declines without having shown a moment ago that it is them")
    func sessions() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"])], ["needs_proof": true])
        let order = try ward.order()
        let request = try ward.confirm(order)
        let now = ward.world.clock.now
        for action in ["action_approve", "action_refuse"] {
            ward.refused("login.proof_needed") { try call(ward, action, request, .session(now - 301)) }
            ward.refused("login.proof_needed") { try call(ward, action, request, .session(nil)) }
        }
        ward.refused("login.proof_needed") {
            try ward.world.act(as: "bob") { env in
                FreshProof.note(.session(now - 301), in: env)
                _ = try BulkDecisions.decide(env.records(Request.self, [request]), ["decision": "approve"])
            }
        }
        #expect(try ward.decisions(request) == 0)
        try call(ward, "action_approve", request, .session(now - 299))
        #expect(try ward.isConfirmed(order))
    }

    @Test("there a person decides: neither a program with their key nor the machine, but whoever sends the password with the call")
    func programs() throws {
        let ward = try Ward()
        try ward.policy([try ward.step(["bob"])], ["needs_proof": true])
        let request = try ward.confirm(try ward.order())
        ward.refused("login.proof_person") { try call(ward, "action_approve", request, .key) }
        ward.refused("login.proof_person") { try call(ward, "action_refuse", request, nil) }
        try call(ward, "action_refuse", request, .password)
        #expect(try ward.status(request) == .refused)
    }

    @Test("a policy that says nothing of it asks for nothing, and a draft that does holds from its release on")
    func released() throws {
        let ward = try Ward()
        let policy = try ward.policy([try ward.step(["bob"])])
        let before = try ward.confirm(try ward.order())
        try ward.world.act(as: "mia") { try $0.record(Policy.self, policy).write(["needs_proof": true]) }
        try call(ward, "action_approve", try ward.confirm(try ward.order()), .key)
        try ward.release(Policy.name, policy)
        let after = try ward.confirm(try ward.order())
        ward.refused("login.proof_person") { try call(ward, "action_approve", after, .key) }
        // A request goes by the version under which it was made.
        try call(ward, "action_approve", before, .key)
    }
}
