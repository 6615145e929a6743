import ArgumentParser

@main
struct VTrack: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "vtrack")
}
