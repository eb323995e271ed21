import Foundation

/// Documents that tests read.
enum Documents {
    /// What a Debian machine has, where this one does; the largest of each kind.
    static let installed: [String] = {
        let candidates = [
            "/usr/share/mime/packages/freedesktop.org.xml", "/usr/share/xml/iso-codes/iso_3166.xml",
            "/usr/share/xml/iso-codes/iso_639_3.xml", "/usr/share/X11/xkb/rules/evdev.xml",
            "/usr/share/polkit-1/actions/org.freedesktop.policykit.policy",
            "/usr/share/xml/fontconfig/fonts.dtd", "/etc/fonts/fonts.conf", "/etc/xml/catalog",
            "/usr/share/icons/hicolor/index.theme",
        ]
        return candidates.filter { FileManager.default.isReadableFile(atPath: $0) }
    }()

    static func contents(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

    /// A little of everything.
    static let everything = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <!DOCTYPE catalog PUBLIC "-//Nobody//DTD Catalog//EN" "catalog.dtd" [
          <!ENTITY author "K. Čapek &amp; others">
          <!ENTITY twice "&author;, &author;">
          <!ATTLIST book kind CDATA "novel" id ID #IMPLIED>
          <!ELEMENT catalog (book*)>
        ]>
        <!-- before the root -->
        <catalog xmlns="urn:catalog" xmlns:x="urn:extra" x:count='2'>
          <book id="b1" title="A &lt;title&gt; &#x1F600; with&#10;a line"><x:note>&twice;</x:note>
            <![CDATA[<not> & markup ]]]]><![CDATA[>]]></book>
          <?render fast="yes"?><book kind="play" xml:lang="cs">R.U.R. 日本語 \u{1F680}</book>
          <empty/><!-- a comment -- almost -->
        </catalog>
        <?done?>
        """.replacing(" -- almost", with: "")

    /// Deeply nested, with many attributes and long text: thousands of events.
    static let large: [UInt8] = {
        var text = "<?xml version='1.0'?>\n<list xmlns:n='urn:n'>\n"
        for number in 0..<2000 {
            text += "  <n:item number='\(number)' square=\"\(number * number)\">"
            text += String(repeating: "word ", count: number % 40) + "<b><i>é\(number)</i></b>&amp;</n:item>\n"
        }
        return Array((text + "</list>\n").utf8)
    }()

    /// A document of which `levels` entities make ten times as much each.
    static func bomb(levels: Int, in place: (String) -> String) -> [UInt8] {
        var text = "<?xml version='1.0'?>\n<!DOCTYPE bomb [\n<!ENTITY l0 'laughter, '>\n"
        for level in 1...levels {
            text += "<!ENTITY l\(level) '\(String(repeating: "&l\(level - 1);", count: 10))'>\n"
        }
        return Array((text + "]>\n" + place("&l\(levels);")).utf8)
    }
}
