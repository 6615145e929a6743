import ArgumentParser
import Decode
import Evaluation
import Features
import Formats
import Geometry
import Tracker

/// Turns an error into the line that is printed and the status the process ends with (see docs/commands.md).
enum ExitStatus {
    /// The message for standard error, or nil where the end is quiet, and the exit status.
    static func describe(_ error: any Error) -> (message: String?, status: Int32) {
        switch error {
        case AppError.closedPipe: (nil, 141)
        case AppError.interrupted(let signal): (nil, 128 + signal)
        case let error as AppError: (error.description, error.category.rawValue)
        case let error as HubError: (error.description, error.category.rawValue)
        case let error as FormatError: (error.description, error.category.rawValue)
        case let error as DecodeError: (error.description, error.category.rawValue)
        case let error as FeatureError: (error.description, error.category.rawValue)
        case let error as EvaluationError: (error.description, error.category.rawValue)
        case let error as WeightsError: (error.description, error.category.rawValue)
        case let error as TrackerError: (error.description, error.category.rawValue)
        default: ("unexpected error: \(error)", FailureCategory.bug.rawValue)
        }
    }
}
