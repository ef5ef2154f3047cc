import JSON
import JSONSchema
import TestSupport
import Testing

@Suite(.enabled(if: SharedData.isAvailable, "\(SharedData.absence)"))
struct SchemaSuiteTests {
    @Test(arguments: SchemaSuite.required)
    func requiredTestsPass(file: SchemaSuite.File) throws {
        let failures = try SchemaSuite.failures(in: file, assertsFormats: false)
        #expect(failures.isEmpty, "\(failures.map { "\($0.key): \($0.value)" }.sorted().joined(separator: "\n"))")
    }

    @Test(arguments: SchemaSuite.optional)
    func optionalTestsPassExceptForTheListedOnes(file: SchemaSuite.File) throws {
        // Formats are asserted only in the files that test them. Elsewhere they are annotations, the default.
        let isAboutFormats = file.path.contains("/format/") || file.path.contains("ecmascript-regex")
        let failures = try SchemaSuite.failures(in: file, assertsFormats: isAboutFormats)
        let expected = NotPassed.names(in: file)
        let surprises = failures.filter { !expected.contains($0.key) }
        #expect(surprises.isEmpty, "\(surprises.map { "\($0.key): \($0.value)" }.sorted().joined(separator: "\n"))")
        let improved = expected.subtracting(failures.keys)
        #expect(improved.isEmpty, "these tests pass now, remove them from NotPassed: \(improved.sorted())")
    }

    @Test func suiteIsComplete() {
        #expect(SchemaSuite.required.count > 80)
        #expect(SchemaSuite.optional.count > 50)
        #expect(SchemaSuite.remotes.count > 50)
    }
}
