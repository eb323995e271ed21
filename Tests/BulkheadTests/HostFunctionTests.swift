import Bulkhead
import Testing

struct HostFunctionTests {
    @Test(arguments: Configuration.all)
    func withoutParametersAndResults(configuration: Configuration) throws {
        let store = try Store()
        var calls = 0
        let host = try Function(store: store) { () -> Void in calls += 1 }
        let instance = try configuration.instantiate(
            """
            (import "host" "f" (func $f))
            (func (export "twice") (call $f) (call $f))
            (export "f" (func $f))
            """, store: store, imports: ["host": ["f": .function(host)]])
        try instance.call("twice")
        #expect(calls == 2)
        try instance.call("f")
        #expect(calls == 3)
    }
}
