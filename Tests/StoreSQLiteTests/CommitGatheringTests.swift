import Testing

@testable import StoreSQLite

@Suite struct CommitGatheringTests {
    @Test("a commit waits for those that the last one answered, and for no longer than a commit takes")
    func waitsForTheLastGroup() {
        var gathering = CommitGathering()
        gathering.committed(4, from: 10, to: 10.002, waiting: 3)
        #expect(gathering.patience(with: 3, now: 10.0025) == 10.002 + gathering.pace)
        #expect(gathering.patience(with: 7, now: 10.0025) == nil)
        #expect(gathering.patience(with: 3, now: 10.0041) == nil)
    }

    @Test("where commits are quick nobody is held back")
    func quickDiskWaitsForNobody() {
        var gathering = CommitGathering()
        gathering.committed(8, from: 10, to: 10.0001, waiting: 0)
        #expect(gathering.patience(with: 1, now: 10.0001) == nil)
    }

    @Test("a very slow disk holds nobody back for longer than the limit")
    func patienceIsBounded() {
        var gathering = CommitGathering()
        gathering.committed(8, from: 10, to: 12, waiting: 0)
        #expect(gathering.patience(with: 1, now: 12) == 12 + CommitGathering.mostPatience)
    }

    @Test("one writer after the other is never waited for")
    func loneWriterIsNotHeldBack() {
        var gathering = CommitGathering()
        gathering.committed(1, from: 10, to: 10.002, waiting: 0)
        #expect(gathering.patience(with: 1, now: 10.0021) == nil)
    }
}
