package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import io.gistream.model.SummaryModel.Options;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CUDA with an ONNX Runtime that lacks it. */
class ProviderTest {
  private static final Options CUDA = new Options(1, Precision.FP32, Provider.CUDA);

  @BeforeEach
  void thePlainLibrary() {
    NativeLibraries.onnxRuntime();
    assumeThat(OrtEnvironment.getAvailableProviders()).doesNotContain(OrtProvider.CUDA);
  }

  @Test
  void itIsSaidWhatIsMissingAndWhatToDo() {
    assertThatThrownBy(() -> SummaryModel.bundled("tiny", CUDA))
        .isInstanceOf(ProviderException.class)
        .hasMessageContaining("model.provider=cuda")
        .hasMessageContaining(OrtEnvironment.getEnvironment().getVersion())
        .hasMessageContaining("./mvnw clean package -Pcuda")
        .hasMessageContaining("onnxruntime_gpu")
        .hasMessageContaining("model.provider=cpu");
    assertThatThrownBy(() -> SummaryModel.bundled("tiny-t5", CUDA))
        .isInstanceOf(ProviderException.class);
    assertThatThrownBy(Provider.CUDA::require).isInstanceOf(ProviderException.class);
    Provider.CPU.require();
  }

  @Test
  void aSessionIsNotOpenedOnTheProcessorInstead() {
    ModelPackage files = ModelPackage.read(PackageSource.bundled("tiny"));
    GraphSignature encoder = GraphSignature.encoder(files.manifest(), Precision.FP32);
    assertThatThrownBy(() -> Graph.open(files, encoder, CUDA))
        .isInstanceOf(ModelPackageException.class)
        .hasMessageContaining("encoder.onnx")
        .hasMessageContaining("model.provider=cpu");
  }

  @Test
  void int8IsRefused() {
    assertThatThrownBy(() -> new Options(1, Precision.INT8, Provider.CUDA))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("INT8");
  }

  /** So there is nothing that would have to be closed. */
  @Test
  void nothingIsReadOrOpenedBefore() {
    assertThatThrownBy(() -> SummaryModel.load(Path.of("no", "such", "package"), CUDA))
        .isInstanceOf(ProviderException.class);
  }
}
