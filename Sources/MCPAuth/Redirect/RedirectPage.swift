/// The page that the browser shows after the redirect back.
struct RedirectPage: Sendable {
    let title: String
    let text: String
    let isSuccess: Bool

    static let success = RedirectPage(
        title: "Authorized",
        text: "mcp-test-mcp has its token. You can close this page.",
        isSuccess: true
    )

    static let foreign = RedirectPage(
        title: "Not expected",
        text: "This page belongs to another authorization, or to none. mcp-test-mcp ignores it and goes on waiting.",
        isSuccess: false
    )

    static func failure(_ failure: AuthFailure) -> RedirectPage {
        RedirectPage(
            title: "Not authorized",
            text: "The authorization failed: \(failure.message). \(failure.advice ?? "") You can close this page.",
            isSuccess: false
        )
    }

    /// The header fields; nothing on the page may run, load anything or be kept.
    static let fields = [
        ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"), ("Connection", "close"),
        ("Referrer-Policy", "no-referrer"), ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
        ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ]

    var html: String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>\(Self.escape(title))</title>
        <style>body{font:1.1em sans-serif;max-width:36em;margin:4em auto;padding:0 1em}</style></head>
        <body><h1>\(Self.escape(title))</h1><p>\(Self.escape(text))</p></body></html>

        """
    }

    static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
