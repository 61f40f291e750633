import JSON

/// A field whose content is one Swift value.
public protocol ScalarField: Field {
    associatedtype Content: FieldContent
}

/// One line of text.
public final class Char: Field, ScalarField, @unchecked Sendable {
    public typealias Content = String
    /// Declares a line of text.
    public init(_ name: String, _ options: FieldOption...) { super.init(name, .char, options) }
}

/// Text of several lines.
public final class Text: Field, ScalarField, @unchecked Sendable {
    public typealias Content = String
    /// Declares a text.
    public init(_ name: String, _ options: FieldOption...) { super.init(name, .text, options) }
}

/// Formatted text; what could run in a browser is removed when it is written.
public final class Html: Field, ScalarField, @unchecked Sendable {
    public typealias Content = String
    /// Declares a formatted text.
    public init(_ name: String, _ options: FieldOption...) { super.init(name, .html, options) }
}

/// Yes or no.
public final class Flag: Field, ScalarField, @unchecked Sendable {
    public typealias Content = Bool
    /// Declares a yes-or-no field.
    public init(_ name: String, _ options: FieldOption...) { super.init(name, .boolean, options) }
}

/// A whole number.
public final class Integer: Field, ScalarField, @unchecked Sendable {
    public typealias Content = Int
    /// Declares a whole number.
    public init(_ name: String, _ options: FieldOption...) { super.init(name, .integer, options) }
}

/// A binary floating-point number: quantities and measures, never money.
public final class Float: Field, ScalarField, @unchecked Sendable {
    public typealias Content = Double
    /// Declares a measure.
    public init(_ name: String, _ options: FieldOption...) { super.init(name, .float, options) }
}

/// Exact money.
public final class Monetary: Field, ScalarField, @unchecked Sendable {
    public typealias Content = Amount
    /// Declares an amount in the currency that another field of the record gives.
    public init(_ name: String, currency: String = "currency_id", _ options: FieldOption...) {
        super.init(name, .monetary(currency: currency), options)
    }
}

/// A day.
public final class DateField: Field, ScalarField, @unchecked Sendable {
    public typealias Content = Day?
    /// Declares a day.
    public init(_ name: String, _ options: FieldOption...) { super.init(name, .date, options) }
}

/// A moment in UTC.
public final class Datetime: Field, ScalarField, @unchecked Sendable {
    public typealias Content = Instant?
    /// Declares a moment.
    public init(_ name: String, _ options: FieldOption...) { super.init(name, .datetime, options) }
}

/// Bytes, kept by content.
public final class Binary: Field, ScalarField, @unchecked Sendable {
    public typealias Content = [UInt8]
    /// Declares bytes.
    public init(_ name: String, _ options: FieldOption...) { super.init(name, .binary, options) }
}

/// A picture: PNG, JPEG, GIF or WebP, told by its bytes.
///
/// Without a size it is kept as it came. With one it is reduced when it is written, its sides in proportion, and never enlarged; a smaller
/// picture of the same is a stored related field: `Image("image_128", maxWidth: 128, maxHeight: 128, .related("image_1920", stored: true))`.
public final class Image: Field, ScalarField, @unchecked Sendable {
    public typealias Content = [UInt8]
    /// Declares a picture.
    public init(_ name: String, maxWidth: Int = 0, maxHeight: Int = 0, _ options: FieldOption...) {
        let size = PictureSize(width: maxWidth, height: maxHeight)
        super.init(
            name, .binary,
            [
                .traits {
                    $0.isImage = true
                    $0.pictureSize = size
                }
            ] + options)
    }
}

/// Values of sparse fields by name; see `FieldOption.sparse`.
public final class Serialized: Field, ScalarField, @unchecked Sendable {
    public typealias Content = JSON
    /// Declares the field that sparse ones keep their values in.
    public init(_ name: String, _ options: FieldOption...) {
        super.init(name, .json, [.traits { $0.typeName = "serialized" }] + options)
    }
}

/// A JSON value, with its own structure.
public final class Json: Field, ScalarField, @unchecked Sendable {
    public typealias Content = JSON
    /// Declares a JSON value.
    public init(_ name: String, _ options: FieldOption...) { super.init(name, .json, options) }
}

/// `model,id` of any record.
public final class Reference: Field, ScalarField, @unchecked Sendable {
    public typealias Content = String
    /// Declares a reference to a record of any model.
    public init(_ name: String, _ options: FieldOption...) { super.init(name, .reference, options) }
}

/// An id whose model stands in another field.
public final class Many2oneReference: Field, ScalarField, @unchecked Sendable {
    public typealias Content = Int
    /// Declares an id of a record of the model that `modelField` names.
    public init(_ name: String, modelField: String, _ options: FieldOption...) {
        super.init(name, .many2oneReference(modelField: modelField), options)
    }
}

/// One of a few choices.
public final class Selection<Choice: SelectionValue>: Field, ScalarField, @unchecked Sendable {
    public typealias Content = Choice?
    /// Declares a choice; `initial` is what a new record gets.
    public init(_ name: String, initial: Choice? = nil, _ options: FieldOption...) {
        let items = Choice.allCases.map { SelectionItem($0.rawValue, $0.title) }
        let start = initial.map { [FieldOption.initial(.text($0.rawValue))] } ?? []
        super.init(name, .selection(items), start + options)
    }
}
