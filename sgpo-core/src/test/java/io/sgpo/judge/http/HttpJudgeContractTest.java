package io.sgpo.judge.http;

import static io.sgpo.judge.http.JudgeServer.completion;
import static io.sgpo.judge.http.JudgeServer.respond;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import io.sgpo.contract.PreferenceModelContract;
import io.sgpo.judge.VerdictCache;
import io.sgpo.preference.PreferenceModel;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;

/** The contract, for a judge behind an endpoint that leans to the first response it sees. */
class HttpJudgeContractTest extends PreferenceModelContract {

  private static final Pattern RESPONSES =
      Pattern.compile("<response-A>\\n(.*)\\n</response-A>\\s*<response-B>\\n(.*)\\n</response-B>");

  private final JudgeServer server = new JudgeServer(HttpJudgeContractTest::preferShorter);
  private final HttpJudge judge =
      HttpJudge.of(HttpJudgeOptions.of(server.url(), "judge-1"), VerdictCache.inMemory());

  private static void preferShorter(HttpExchange exchange, JsonNode request) throws IOException {
    Matcher responses = RESPONSES.matcher(JudgeServer.question(request));
    if (!responses.find()) {
      respond(exchange, 400, "");
      return;
    }
    double lead = 0.3 + (responses.group(2).length() - responses.group(1).length()) / 10.0;
    double first = 1 / (1 + Math.exp(-lead));
    respond(
        exchange,
        200,
        completion(first > 0.5 ? "A" : "B", "A", Math.log(first), "B", Math.log(1 - first))
            .toString());
  }

  @Override
  protected PreferenceModel judge() {
    return judge;
  }

  @AfterEach
  void stop() {
    judge.close();
    server.close();
  }
}
