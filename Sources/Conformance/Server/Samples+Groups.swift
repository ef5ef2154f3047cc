import Tester

extension Samples {
    /// The kinds of items with the names that samples are for.
    var groups: [(kind: Catalog.Kind, noun: String, names: [String])] {
        [
            (.tools, "tool", tools.keys.sorted()), (.prompts, "prompt", prompts.keys.sorted()),
            (.resourceTemplates, "template", templates.keys.sorted()),
        ]
    }
}
