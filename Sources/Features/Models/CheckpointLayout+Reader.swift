extension CheckpointLayout {
    /// Reads single sizes off tensors' shapes.
    struct Reader {
        let file: any TensorSource
        let contents: CheckpointContents

        private var width: Int { contents.width }

        private func name(_ part: ModelPart) -> String? { contents.tensors.name(of: part) }

        private func shape(_ part: ModelPart) -> [Int]? { name(part).flatMap { file.entries[$0]?.shape } }

        private func missing(_ part: ModelPart, expectedShape: [Int]) -> WeightsError {
            if let name = name(part) { return file.absence(of: name, expectedShape: expectedShape) }
            let usual = contents.names.keys(of: part).first ?? "\(part)"
            return file.absence(of: contents.nesting.prefix + usual, expectedShape: expectedShape)
        }

        /// A table's rows, where it may have an axis of one before them; nil where the file lacks it.
        private func rows(_ part: ModelPart, problem: String) throws(WeightsError) -> Int? {
            guard let name = name(part) else { return nil }
            guard let shape = file.entries[name]?.shape else { throw file.absence(of: name, expectedShape: []) }
            guard shape.count == 2 || shape.count == 3 && shape[0] == 1, shape.last == width else {
                throw .model(path: file.path, problem: "tensor \"\(name)\" has shape \(shape), expected \(problem)")
            }
            return shape[shape.count - 2]
        }

        func registers(most: Int) throws(WeightsError) -> Int {
            let expected = "[1, registers, \(width)] with at most \(most) registers"
            guard let rows = try rows(.registerTokens, problem: expected) else { return 0 }
            guard (1...most).contains(rows) else {
                throw .model(
                    path: file.path,
                    problem: "tensor \"\(name(.registerTokens) ?? "")\" has \(rows) rows, expected \(expected)")
            }
            return rows
        }

        /// What the MLP's first layer gives and what its second reads.
        func hiddenSizes(most: Int) throws(WeightsError) -> (outputs: Int, inputs: Int) {
            let part = ModelPart.block(0, .hiddenWeight)
            guard let first = shape(part) else { throw missing(part, expectedShape: [4 * width, width]) }
            let pieces = contents.tensors[part]?.names.count ?? 1
            guard first.count == 2, (1...most).contains(first[0]) else {
                throw .shape(
                    path: file.path, tensor: name(part) ?? "", expected: [4 * width, width], found: first)
            }
            let outputs = first[0] * pieces
            let second = ModelPart.block(0, .outputWeight)
            guard let shape = shape(second) else { throw missing(second, expectedShape: [width, outputs]) }
            guard shape.count == 2, (1...most).contains(shape[1]), shape[1] == outputs || 2 * shape[1] == outputs
            else {
                throw .shape(path: file.path, tensor: name(second) ?? "", expected: [width, outputs], found: shape)
            }
            return (outputs, shape[1])
        }

        /// The side of the grid and the heads that a table of relative positions is for.
        func relativeTable(withClassToken: Bool) throws(WeightsError) -> (side: Int, heads: Int)? {
            let parts = [ModelPart.relativePositionTable, .block(0, .relativePositionTable)]
            guard let name = parts.compactMap({ name($0) }).first else { return nil }
            guard let shape = file.entries[name]?.shape else { throw file.absence(of: name, expectedShape: []) }
            let extra = withClassToken ? 3 : 0
            guard shape.count == 2, shape[1] >= 1, width % shape[1] == 0,
                let side = (1...maximumGridSide).first(where: { (2 * $0 - 1) * (2 * $0 - 1) + extra == shape[0] })
            else {
                throw .model(
                    path: file.path,
                    problem: "tensor \"\(name)\" has shape \(shape), expected [(2*g-1)*(2*g-1) + \(extra), heads]")
            }
            return (side, shape[1])
        }

        /// The heads by the width of a LayerNorm of one head's queries.
        func headsOfNorm() throws(WeightsError) -> Int? {
            guard let shape = shape(.block(0, .queryNormWeight)) else { return nil }
            guard shape.count == 1, shape[0] >= 1, width % shape[0] == 0 else {
                throw .model(
                    path: file.path,
                    problem: "tensor \"\(name(.block(0, .queryNormWeight)) ?? "")\" has shape \(shape), expected the "
                        + "width of a head, which divides \(width)")
            }
            return width / shape[0]
        }

        /// The heads by the periods of DINOv3's rotations: one for four channels of a head.
        func headsOfPeriods() throws(WeightsError) -> Int? {
            guard let shape = shape(.rotaryPeriods) else { return nil }
            guard shape.count == 1, (1...width).contains(shape[0]), width % (4 * shape[0]) == 0 else {
                throw .model(
                    path: file.path,
                    problem: "tensor \"\(name(.rotaryPeriods) ?? "")\" has shape \(shape), expected a quarter of a "
                        + "head's width")
            }
            return width / (4 * shape[0])
        }

        /// The side of the grid that the table of positions is for, and which tokens before the patches have rows in it.
        ///
        /// - Returns: nil where there is no table.
        func grid(_ structure: inout ModelStructure, family: ModelFamily?, most: Int) throws(WeightsError) -> Int? {
            let special = structure.prefixTokens - structure.registerTokens
            let expected = "[1, \(special) + g*g, \(width)] with g of at most \(most)"
            guard let rows = try rows(.positions, problem: expected) else { return nil }
            for (prefix, registers) in [(special, 0), (0, 0), (special, structure.registerTokens)] {
                guard let side = (1...most).first(where: { $0 * $0 + prefix + registers == rows }) else { continue }
                structure.prefixHasPositions = prefix > 0 || special == 0
                structure.registersHavePositions = registers > 0
                return side
            }
            throw .model(
                path: file.path,
                problem:
                    "tensor \"\(name(.positions) ?? "")\" has shape \(shape(.positions) ?? []), expected \(expected)")
        }

        /// How a patch learns where it is.
        func positions(
            hasTable: Bool, structure: ModelStructure, configuration: CheckpointConfiguration, family: ModelFamily?
        ) throws(WeightsError) -> PositionKind {
            switch family?.positions {
            case .rotary(var rotary) where !hasTable:
                rotary.storesPeriods = name(.rotaryPeriods) != nil
                if let theta = configuration.ropeTheta { rotary.theta = theta }
                return .rotary(rotary)
            case .groundSampleDistance(let metres)?:
                return .groundSampleDistance(metres: metres)
            default: break
            }
            guard hasTable else {
                guard structure.relativeBias != .none else {
                    throw missing(.positions, expectedShape: [1, structure.prefixPositions + 196, width])
                }
                return .none
            }
            return .learned(interpolation(structure, configuration, family))
        }

        private func interpolation(
            _ structure: ModelStructure, _ configuration: CheckpointConfiguration, _ family: ModelFamily?
        ) -> Interpolation {
            let registers = structure.registerTokens > 0 ? family?.interpolationWithRegisters : nil
            // Hugging Face stretches to a size whatever the authors did, but for models with registers; timm
            // always over a wider neighbourhood.
            if contents.names.dialect == .huggingFace { return registers ?? .resized }
            if configuration.architecture != nil { return .antialiased }
            return registers ?? family?.interpolation ?? .resized
        }
    }
}
