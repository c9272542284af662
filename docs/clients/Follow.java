import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.BufferedReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/**
 * Follows one stream, and goes on where it was when the connection breaks or the server restarts:
 *
 * <pre>java Follow.java http://localhost:8080 STREAM_ID [API_KEY]</pre>
 */
public class Follow {
  public static void main(String[] args) throws Exception {
    String id = URLEncoder.encode(args[1], StandardCharsets.UTF_8).replace("+", "%20");
    URI uri = URI.create(args[0] + "/v1/streams/" + id + "/events");
    HttpClient client = HttpClient.newHttpClient();
    String lastEventId = "";
    while (true) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri).header("Accept", "text/event-stream");
      if (args.length > 2) {
        request.header("Authorization", "Bearer " + args[2]);
      }
      if (!lastEventId.isEmpty()) {
        request.header("Last-Event-ID", lastEventId);
      }
      try {
        HttpResponse<InputStream> response =
            client.send(request.build(), BodyHandlers.ofInputStream());
        if (response.statusCode() / 100 == 4 && response.statusCode() != 429) {
          throw new IllegalStateException(new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
        }
        if (response.statusCode() == 200) {
          lastEventId = read(response.body(), lastEventId);
        }
      } catch (IOException e) {
        System.err.println(e + "; trying again");
      }
      Thread.sleep(1000);
    }
  }

  /** Prints what comes until the connection ends; returns the last id. */
  private static String read(InputStream body, String lastEventId) throws IOException {
    String id = lastEventId;
    String event = "";
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id:")) {
          id = line.substring(3).strip();
        } else if (line.startsWith("event:")) {
          event = line.substring(6).strip();
        } else if (line.startsWith("data:")) {
          System.out.println(event + " " + line.substring(5).strip());
        }
      }
    } catch (IOException e) {
      System.err.println(e + "; trying again");
    }
    return id;
  }
}
