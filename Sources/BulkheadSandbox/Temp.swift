@usableFromInline func withTimeLimit<R>(_ limit: Duration?, _ body: () throws -> R) rethrows -> R { try body() }
