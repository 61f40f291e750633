import Kernel
import Testing

@Suite struct HookTests {
    @Test("a hook is called a hundred thousand times and stays as deep as at the first")
    func manyCalls() {
        let hook = Hook<Int>()
        let sum = Locked(0)
        hook.set { number in sum.withLock { $0 += number } }
        for _ in 0..<100_000 { hook(1) }
        #expect(sum.withLock { $0 } == 100_000)
        hook.clear()
        hook(1)
        #expect(sum.withLock { $0 } == 100_000)
    }
}
