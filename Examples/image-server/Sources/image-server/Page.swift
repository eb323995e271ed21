import Foundation

/// The page with the form.
struct Page {
    struct Fact: Sendable {
        let name: String
        let html: String

        init(_ name: String, _ html: String) {
            self.name = name
            self.html = html
        }
    }

    let facts: [Fact]
    let counts: Statistics.Counts
    let uptime: Duration

    /// Without its script it works too: the browser then shows the thumbnail, or the error, by itself.
    var html: Data {
        let rows = facts.map { "<tr><th>\($0.name)<td>\($0.html)" }.joined(separator: "\n")
        let seconds = uptime.components.seconds
        let running = seconds < 120 ? "\(seconds) seconds" : "\(seconds / 60) minutes"
        let page = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
            script-src 'unsafe-inline'; img-src blob:; connect-src 'self'; form-action 'self'">
            <title>Thumbnails of hostile images</title>
            <style>\(Self.style)</style>
            <main>
            <h1>Send me your worst image</h1>
            <p>JPEG or PNG. C libraries decode it, in a sandbox that is used once; you get a thumbnail.
            <form method="post" enctype="multipart/form-data">
            <input type="file" name="image" accept="image/jpeg,image/png" required>
            <button>Upload</button>
            </form>
            <figure hidden><img alt="The thumbnail"><figcaption></figcaption></figure>
            <div class="counts">
            <div><b>\(counts.made)</b> thumbnails made</div>
            <div><b>\(counts.refused)</b> uploads refused</div>
            <div><b>\(counts.stopped)</b> sandboxes died</div>
            </div>
            <table>
            \(rows)
            <tr><th>Running for<td>\(running)
            </table>
            </main>
            <script>\(Self.script)</script>
            </html>

            """
        return Data(page.utf8)
    }

    private static let style = """
        :root { color-scheme: light dark; --accent: #0a6c74; --line: #8884; }
        body { font: 17px/1.5 system-ui, sans-serif; margin: 0; }
        main { max-width: 40rem; margin: 4rem auto; padding: 0 1.5rem; }
        h1 { line-height: 1.2; letter-spacing: -.02em; }
        form { display: flex; flex-wrap: wrap; gap: 1rem; padding: 1.5rem; border: 1px dashed var(--line); border-radius: 12px; }
        input { flex: 1; font: inherit; min-width: 12rem; }
        button { font: inherit; padding: .4rem 1.4rem; border: 0; border-radius: 8px; background: var(--accent); color: #fff; }
        figure { margin: 1.5rem 0; text-align: center; }
        img { border-radius: 8px; box-shadow: 0 2px 12px #0004; }
        figcaption { margin-top: .6rem; }
        .counts { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1rem; margin: 2rem 0; text-align: center; }
        .counts b { display: block; font-size: 2.2rem; line-height: 1.2; color: var(--accent); }
        table { border-collapse: collapse; width: 100%; font-size: .95rem; }
        th, td { text-align: left; padding: .5rem .5rem .5rem 0; border-top: 1px solid var(--line); vertical-align: top; }
        th { font-weight: 600; white-space: nowrap; width: 8rem; }
        """

    private static let script = """
        const form = document.querySelector("form"), figure = document.querySelector("figure");
        const image = figure.querySelector("img"), caption = figure.querySelector("figcaption");
        const counts = document.querySelectorAll(".counts b");
        form.addEventListener("submit", async event => {
            event.preventDefault();
            let text;
            image.hidden = true;
            try {
                const response = await fetch("/", { method: "POST", body: new FormData(form) });
                const header = name => response.headers.get(name);
                if (response.ok) {
                    image.src = URL.createObjectURL(await response.blob());
                    image.hidden = false;
                    text = `${header("X-Image-Width")} x ${header("X-Image-Height")} pixels of ${header("X-Image-Format")}, `
                        + `in ${header("X-Time-Milliseconds")} ms`;
                } else {
                    const { error, reason } = await response.json();
                    text = `${response.status}, ${error}: ${reason}`;
                }
            } catch (error) {
                text = "No answer: " + error.message;
            }
            caption.textContent = text;
            figure.hidden = false;
            const now = await (await fetch("/health")).json();
            [now.thumbnails, now.refused, now.stopped].forEach((count, index) => counts[index].textContent = count);
        });
        """
}
