import Foundation

/// A page of figures as Prometheus reads them. Source: Prometheus, “Text-based format”, version 0.0.4.
package struct MetricsText {
    private var samples: [String: [String]] = [:]

    /// Adds a figure of a metric in the table.
    package mutating func add(_ name: String, _ labels: [String] = [], _ value: Double) {
        guard let metric = MetricTable.byName[name] else { preconditionFailure("the metric \(name) is not in the table") }
        precondition(labels.count == metric.labels.count, "the metric \(name) has the labels \(metric.labels)")
        samples[name, default: []].append(name + Self.labels(zip(metric.labels, labels)) + " " + Self.number(value))
    }

    package mutating func add(_ name: String, _ labels: [String] = [], _ value: Int) { add(name, labels, Double(value)) }

    /// Adds a histogram: how many observations lie in each bucket, how many above the last, and their sum.
    package mutating func addHistogram(_ name: String, _ labels: [String], bounds: [Double], counts: [Int], sum: Double) {
        guard let metric = MetricTable.byName[name] else { preconditionFailure("the metric \(name) is not in the table") }
        let own = Array(zip(metric.labels, labels))
        var total = 0
        for (index, count) in counts.enumerated() {
            total += count
            let bound = index < bounds.count ? Self.number(bounds[index]) : "+Inf"
            samples[name, default: []].append("\(name)_bucket\(Self.labels(own + [("le", bound)])) \(total)")
        }
        samples[name, default: []].append("\(name)_sum\(Self.labels(own)) \(Self.number(sum))")
        samples[name, default: []].append("\(name)_count\(Self.labels(own)) \(total)")
    }

    /// The page, in the order of the table.
    package var text: String {
        MetricTable.all.compactMap { metric -> String? in
            guard let lines = samples[metric.name] else { return nil }
            let head = ["# HELP \(metric.name) \(metric.help)", "# TYPE \(metric.name) \(metric.sort.rawValue)"]
            return (head + lines).joined(separator: "\n") + "\n"
        }.joined()
    }

    private static func labels(_ pairs: some Sequence<(String, String)>) -> String {
        let parts = pairs.map { name, value -> String in
            let safe = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(name)=\"\(safe)\""
        }
        return parts.isEmpty ? "" : "{" + parts.joined(separator: ",") + "}"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
}
