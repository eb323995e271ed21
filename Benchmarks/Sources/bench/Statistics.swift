import Foundation

/// Repeated measurements of one thing.
struct Samples {
    var values: [Double] = []

    var median: Double { quantile(0.5) }
    var minimum: Double { values.min() ?? .nan }
    /// Half the distance between the quartiles.
    var spread: Double { (quantile(0.75) - quantile(0.25)) / 2 }

    private func quantile(_ fraction: Double) -> Double {
        let sorted = values.sorted()
        guard let last = sorted.last else { return .nan }
        let place = fraction * Double(sorted.count - 1)
        let low = Int(place)
        if low + 1 >= sorted.count { return last }
        return sorted[low] + (sorted[low + 1] - sorted[low]) * (place - Double(low))
    }

    /// Round by round: what disturbs one disturbs the other.
    func ratios(to other: Samples) -> Samples {
        Samples(values: zip(values, other.values).map { $0 / $1 })
    }
}

func geometricMean(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
}

/// One line of results, for the file that other programs read.
struct Record: Codable {
    var section: String
    /// Of kernels.
    var group: String?
    var name: String
    var configuration: String
    var unit: String
    var median: Double
    var minimum: Double
    var spread: Double
    /// Bytes of machine code.
    var codeSize: Int?

    init(
        section: String, group: String? = nil, name: String, configuration: String, unit: String, _ samples: Samples,
        codeSize: Int? = nil
    ) {
        self.section = section
        self.group = group
        self.codeSize = codeSize
        self.name = name
        self.configuration = configuration
        self.unit = unit
        median = samples.median
        minimum = samples.minimum
        spread = samples.spread
    }
}

/// Everything that a run found.
struct Results: Codable {
    var machine: String
    var compiler: String
    var rounds: Int
    /// The peers with their versions.
    var peers: [String]
    var absent: [String]
    var records: [Record]
}

/// Columns aligned on the right, but for the first.
struct Table {
    var rows: [[String]] = []

    func print() {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        for row in rows {
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                line += column == 0 ? cell + padding : "  " + padding + cell
            }
            Swift.print(line)
        }
    }
}

extension Double {
    func formatted(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
