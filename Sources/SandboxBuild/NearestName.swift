/// The name that someone who wrote `word` most likely meant; `nil` where nothing is near.
func nearestName(to word: String, among names: [String]) -> String? {
    let lowered = Array(word.lowercased().utf8)
    let ranked = names.map { (name: $0, distance: editDistance(lowered, Array($0.lowercased().utf8))) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    if best.distance <= max(2, lowered.count / 3) { return best.name }
    // "flags" for cFlags, "standard" for cLanguageStandard.
    return names.first { lowered.count >= 4 && $0.lowercased().contains(word.lowercased()) }
}

/// How many letters must be added, taken away or replaced to make one word of the other.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    // A hostile manifest's key may be long; no name is.
    guard left.count <= 100 else { return left.count }
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, b) in right.enumerated() {
            let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (a == b ? 0 : 1))
            diagonal = row[j + 1]
            row[j + 1] = next
        }
    }
    return row[right.count]
}
