/// Places that wait to be used again, in the order they came: each rests as long as can be before what still points to it, in the sandbox,
/// means something again.
struct RestQueue<Place> {
    private var places: [Place] = []
    /// Those before it were taken.
    private var start = 0

    init() {}

    mutating func append(_ place: Place) { places.append(place) }

    mutating func removeFirst() -> Place? {
        guard start < places.count else { return nil }
        defer {
            start += 1
            if start >= 64, start * 2 >= places.count {
                places.removeFirst(start)
                start = 0
            }
        }
        return places[start]
    }
}
