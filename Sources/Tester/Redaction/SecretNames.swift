/// Decides by their names which variables and arguments hold secrets.
package enum SecretNames {
    /// Whether an environment variable holds a secret, such as `GITHUB_TOKEN`.
    package static func isSecret(variable name: String) -> Bool {
        let words = name.uppercased().split { $0 == "_" || $0 == "-" || $0 == "." }
        if words.contains(where: { secretWords.contains(String($0)) }) { return true }
        // `PWD` alone is the working directory, `KEY` in the middle of a name is part of a word.
        guard let last = words.last else { return false }
        return words.count > 1 && ["KEY", "PWD", "PASS", "PAT", "AUTH", "CODE", "SIG"].contains(last)
            || last.hasSuffix("APIKEY") || last.hasSuffix("TOKEN") || last.hasSuffix("PASSWORD")
            || last.hasSuffix("SECRET")
    }

    private static let secretWords: Set<String> = [
        "TOKEN", "TOKENS", "SECRET", "SECRETS", "PASSWORD", "PASSWD", "PASSPHRASE", "APIKEY", "CREDENTIAL",
        "CREDENTIALS",
        "BEARER", "AUTHORIZATION", "PRIVATEKEY", "ACCESSKEY", "JWT", "COOKIE",
    ]

    /// Whether an argument of a program or a tool holds a secret, such as `--api-key` or `password`.
    ///
    /// Narrower than for headers: `key`, `code` and `page_token` are ordinary arguments.
    static func isSecret(argument name: String) -> Bool {
        let letters = name.lowercased().filter { $0.isLetter || $0.isNumber }
        return exactArguments.contains(letters) || argumentEndings.contains { letters.hasSuffix($0) }
    }

    private static let exactArguments: Set<String> = [
        "token", "auth", "authorization", "bearer", "pat", "jwt", "pwd", "pass", "cookie", "credentials", "credential",
    ]
    private static let argumentEndings = [
        "password", "passwd", "passphrase", "secret", "apikey", "accesstoken", "authtoken", "bearertoken", "apitoken",
        "refreshtoken", "sessiontoken", "idtoken", "githubtoken", "privatekey", "accesskey", "secretkey",
        "clientsecret",
    ]
}
