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

/// Something that does a thing `count` times, and says how many nanoseconds that took; a negative number if it can't.
typealias Contestant = (name: String, run: () throws -> Double)

/// Round by round, one after the other, so that what disturbs one disturbs all. Microseconds for each of the `count` things.
func measureInTurn(_ contestants: [Contestant], rounds: Int, count: Int) throws -> [Samples] {
    var samples = contestants.map { _ in Samples() }
    for round in -1..<rounds {
        for (position, contestant) in contestants.enumerated() {
            let time = try contestant.run()
            if time < 0 { throw Failure("\(contestant.name) can't do it") }
            if round >= 0 { samples[position].values.append(time / 1000 / Double(count)) }
        }
    }
    return samples
}

func printTimes(_ contestants: [Contestant], _ samples: [Samples], digits: Int) {
    var table = Table(rows: [["", "median", "minimum"]])
    for (contestant, sample) in zip(contestants, samples) {
        table.rows.append(
            [
                contestant.name, "\(sample.median.formatted(digits)) ±\(sample.spread.formatted(digits))",
                sample.minimum.formatted(digits),
            ])
    }
    table.print()
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
