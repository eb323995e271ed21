import Foundation

/// The kernels' times by native ones as a picture: a row for each kernel, a dot for each engine, on a logarithmic axis.
struct Plot {
    private let records: [Record]
    private let section: String
    private let results: Results

    /// Engines in the order they are drawn, with a colour that is legible on light and dark pages.
    private static let engines = [
        ("wasmtime", "Wasmtime", "#9a6fd6"), ("wamr segue", "WAMR + Segue", "#c98a1b"), ("wasm2c", "wasm2c", "#8a9299"),
        ("wasm2c segue", "wasm2c + Segue", "#3f8fd2"), ("bulkhead", "Bulkhead", "#e5484d"),
    ]
    private static let axis = (low: 0.5, high: 4.0)
    private static let left = 110.0
    private static let width = 640.0
    private static let rowHeight = 16.0

    init(_ results: Results) throws {
        self.results = results
        let sections = results.records.map(\.section).filter { $0.hasPrefix("kernels") }
        guard
            let section = sections.first(where: { $0.contains("baseline") && $0.contains("recommended") })
                ?? sections.first
        else { throw Failure("there are no kernels in the results to draw") }
        self.section = section
        records = results.records.filter { $0.section == section }
    }

    func write(to path: String) throws {
        try Data(svg.utf8).write(to: URL(fileURLWithPath: path))
    }

    private func x(_ ratio: Double) -> Double {
        let position = (log(min(max(ratio, Self.axis.low), Self.axis.high)) - log(Self.axis.low))
        return Self.left + position / (log(Self.axis.high) - log(Self.axis.low)) * Self.width
    }

    private var svg: String {
        var body = ""
        func text(_ x: Double, _ y: Double, _ text: String, _ style: String = "") {
            body += "<text x=\"\(x.formatted(1))\" y=\"\(y.formatted(1))\" \(style)>\(text)</text>\n"
        }
        var y = 24.0
        text(
            0, y, "Time by native clang -O3, \(section.replacing("kernels, ", with: "")) (lower is better)",
            "class=\"title\"")
        y += 20
        var legend = Self.left
        for (engine, name, color) in Self.engines.reversed()
        where records.contains(where: { $0.configuration == engine }) {
            body += "<circle cx=\"\(legend)\" cy=\"\(y - 4)\" r=\"4.5\" fill=\"\(color)\"/>\n"
            text(legend + 8, y, name)
            legend += 30 + Double(name.count) * 7
        }
        let top = y + 14
        y = top + 18
        for group in Kernel.Group.allCases {
            let names = Kernel.all.filter { $0.group == group }.map(\.name).filter { name in
                records.contains { $0.name == name }
            }
            if names.isEmpty { continue }
            text(0, y, group.rawValue, "class=\"group\"")
            y += Self.rowHeight
            for name in names {
                row(name, y, &body)
                y += Self.rowHeight
            }
            y += 4
        }
        var grid = ""
        for tick in [0.5, 0.7, 1, 1.4, 2, 2.8, 4] {
            let place = x(tick).formatted(1)
            grid +=
                "<line x1=\"\(place)\" x2=\"\(place)\" y1=\"\(top + 4)\" y2=\"\(y - 8)\" class=\"\(tick == 1 ? "one" : "grid")\"/>\n"
            grid += "<text x=\"\(place)\" y=\"\(y + 6)\" text-anchor=\"middle\">\(tick.formatted(1))</text>\n"
        }
        y += 24
        text(
            0, y,
            "\(results.machine). \(results.peers.joined(separator: ", ")). Medians of \(results.rounds) interleaved rounds.",
            "class=\"small\"")
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.left + Self.width + 30)) \(Int(y + 12))" font-family="sans-serif" font-size="12">
            <style>
            text { fill: #57606a } .title { font-size: 15px; font-weight: bold } .group { font-style: italic } .small { font-size: 10px }
            .grid { stroke: #8888; stroke-width: .5 } .one { stroke: #888; stroke-width: 1.5 }
            @media (prefers-color-scheme: dark) { text { fill: #b1bac4 } }
            </style>
            \(grid)\(body)</svg>

            """
    }

    private func row(_ name: String, _ y: Double, _ body: inout String) {
        guard let native = records.first(where: { $0.name == name && $0.configuration == "native" }) else { return }
        body += "<text x=\"\(Self.left - 8)\" y=\"\(y)\" text-anchor=\"end\">\(name)</text>\n"
        for (engine, title, color) in Self.engines {
            guard let record = records.first(where: { $0.name == name && $0.configuration == engine }) else { continue }
            let ratio = record.median / native.median
            let isOff = ratio > Self.axis.high || ratio < Self.axis.low
            body += """
                <circle cx="\(x(ratio).formatted(1))" cy="\(y - 4)" r="4.5" fill="\(isOff ? "none" : color)" stroke="\(color)">\
                <title>\(title): \(ratio.formatted(2))</title></circle>

                """
        }
    }
}
