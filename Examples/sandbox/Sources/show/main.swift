import Pictures

print(try Picture(qoi: Files.ball()).drawing())

// This one makes the library write far past the end of its buffer.
do {
    _ = try Picture(qoi: Files.hostile())
} catch {
    print("contained: \(error)")
}

// Nothing has happened to anybody else.
print(try Picture(qoi: Files.ball(width: 12, height: 6)).drawing())
