package io.sgpo.examples.cli;

import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.ExportOptions;
import io.sgpo.policy.PolicyRole;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Merges an adapter into its model. */
@Command(
    name = "export",
    description = {
      "Merges a LoRA adapter into its model: W + s B A, in float32, then rounded.",
      "",
      "Writes a Hugging Face folder that other software reads, and prints one object: output,"
          + " dtype, role, parameters.",
      ""
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ExportCommand extends SgpoCommand {

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "a Hugging Face model folder")
  private Path model;

  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      required = true,
      description = "a LoRA adapter over the model, as PEFT saves it")
  private Path adapter;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "the folder to write: new, empty, or a model folder to replace")
  private Path output;

  @Option(
      names = "--role",
      paramLabel = "NAME",
      converter = Names.Role.class,
      defaultValue = "leader",
      description =
          "of an adapter for each role, merge that of the leader or of the follower; leader")
  private PolicyRole role;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = Names.StoredDtype.class,
      defaultValue = "float32",
      description = "store float32, bfloat16 or float16; ${DEFAULT-VALUE}")
  private ExportOptions.Type dtype;

  @Option(
      names = "--shard-size",
      paramLabel = "BYTES",
      converter = Bytes.class,
      defaultValue = "5GB",
      description = "the most bytes of a weights file, such as 800MB; ${DEFAULT-VALUE}")
  private long shardSize;

  @Override
  protected void run() throws IOException {
    ModelOptions.requireFolder("--model must be a model folder", model);
    ModelOptions.requireFolder("--adapter must be an adapter's folder", adapter);
    try (CausalLm merged = CausalLm.load(model, adapter, CausalLmOptions.DEFAULT)) {
      if (role == PolicyRole.FOLLOWER && !merged.hasFollowerWeights()) {
        throw new UsageException(
            "--role follower needs an adapter for each role, but "
                + adapter
                + " holds one for both");
      }
      merged.export(output, new ExportOptions(dtype, shardSize), role);
      out()
          .object(
              json -> {
                json.writeStringField("output", output.toString());
                json.writeStringField("dtype", Names.of(dtype));
                json.writeStringField("role", Names.of(role));
                json.writeNumberField("parameters", merged.parameters());
              });
    } catch (FileAlreadyExistsException e) {
      throw new UsageException(
          "--output must be a new or an empty folder or a model folder, but was " + output, e);
    }
  }
}
