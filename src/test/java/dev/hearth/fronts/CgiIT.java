package dev.hearth.fronts;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A process for each request.
@ParameterizedClass
@EnumSource(CgiFront.class)
class CgiIT extends CgiContract {
    @Override
    Path program(Path folder) throws IOException {
        return CgiWorker.script(folder.resolve("site"));
    }
}
