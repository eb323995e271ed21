# Counts words and functions, and writes the words to files by their first letter.

{
    bytes += length($0) + 1
    for (i = 1; i <= NF; i++) {
        word = tolower($i)
        gsub(/[^a-z]/, "", word)
        if (word != "") count[word]++
    }
}

/^[a-z_]+\(/ {
    name = substr($0, 1, index($0, "(") - 1)
    if (!(name in where)) {
        where[name] = FNR
        names[++functions] = name
    }
}

END {
    printf "%d lines, %d bytes, %d functions\n", NR, bytes, functions
    for (i = 1; i <= functions; i += 10) printf "%-30s %6d\n", names[i], where[names[i]]
    for (word in count) {
        different++
        if (count[word] > best || count[word] == best && word < most) {
            best = count[word]
            most = word
        }
        total[substr(word, 1, 1)] += count[word]
    }
    print different, most, best, best / different
    for (c = 97; c < 123; c++) {
        letter = sprintf("%c", c)
        print letter, total[letter] + 0, sprintf("%.3f%%", 100 * total[letter] / bytes) > ("letter-" letter ".txt")
        close("letter-" letter ".txt")
    }
    while ((getline line < "letter-e.txt") > 0) print "read back:", line
}
