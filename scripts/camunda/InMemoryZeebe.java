package io.camunda.zeebe.process.test.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.camunda.zeebe.process.test.api.ZeebeTestEngine;
import io.camunda.zeebe.protocol.impl.encoding.MsgPackConverter;
import io.camunda.zeebe.protocol.impl.record.RecordMetadata;
import io.camunda.zeebe.protocol.impl.record.UnifiedRecordValue;
import io.camunda.zeebe.protocol.impl.record.value.job.JobRecord;
import io.camunda.zeebe.protocol.impl.record.value.job.JobResult;
import io.camunda.zeebe.protocol.impl.record.value.job.JobResultActivateElement;
import io.camunda.zeebe.protocol.impl.record.value.job.JobResultCorrections;
import io.camunda.zeebe.protocol.impl.record.value.message.MessageCorrelationRecord;
import io.camunda.zeebe.protocol.impl.record.value.message.MessageRecord;
import io.camunda.zeebe.protocol.impl.record.value.resource.ResourceDeletionRecord;
import io.camunda.zeebe.protocol.impl.record.value.usertask.UserTaskRecord;
import io.camunda.zeebe.protocol.record.Record;
import io.camunda.zeebe.protocol.record.RecordType;
import io.camunda.zeebe.protocol.record.ValueType;
import io.camunda.zeebe.protocol.record.intent.Intent;
import io.camunda.zeebe.protocol.record.intent.JobIntent;
import io.camunda.zeebe.protocol.record.intent.MessageCorrelationIntent;
import io.camunda.zeebe.protocol.record.intent.MessageIntent;
import io.camunda.zeebe.protocol.record.intent.ResourceDeletionIntent;
import io.camunda.zeebe.protocol.record.intent.UserTaskIntent;
import io.camunda.zeebe.protocol.record.value.JobResultType;
import io.camunda.zeebe.protocol.record.value.MessageRecordValue;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A real Zeebe engine in memory behind its gRPC gateway, for tests. The gateway has no user tasks, no results of jobs, no
 * correlation, no deletion and no search, so a control port on 127.0.0.1 adds what a test needs: GET /records?from=POSITION (JSON lines),
 * POST /clock?ms=N (moves the engine's clock), POST /idle (answers when nothing is left to process), GET /health, and commands
 * with a JSON body, written to the log without waiting for an answer: POST /user-tasks/KEY/completion|assignment|claim|update,
 * POST /jobs/KEY/completion|failure, POST /messages/correlation, POST /resources/KEY/deletion. Arguments: gRPC port, control port.
 *
 * <p>Lies in the engine's own package because commands without a gRPC call are written straight to its log.
 */
public final class InMemoryZeebe {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MARKER = "in-memory-zeebe-idle";

  public static void main(String[] arguments) throws Exception {
    ZeebeTestEngine engine = EngineFactory.create(Integer.parseInt(arguments[0]));
    engine.start();
    CommandWriter writer = commandWriter(engine);

    HttpServer control = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1])), 0);
    serve(control, "/health", (path, body, query) -> "ok");
    serve(control, "/clock", (path, body, query) -> {
      engine.increaseTime(Duration.ofMillis(query));
      return "ok";
    });
    serve(control, "/idle", (path, body, query) -> {
      waitUntilIdle(engine, writer);
      return "ok";
    });
    serve(control, "/records", (path, body, query) -> {
      StringBuilder lines = new StringBuilder();
      List<Record<?>> records = records(engine);
      for (int i = indexOf(records, query); i < records.size(); i++) {
        if (!isMarker(records.get(i))) lines.append(records.get(i).toJson()).append('\n');
      }
      return lines.toString();
    });
    serve(control, "/user-tasks/", (path, body, query) -> {
      UserTaskIntent intent = switch (path[3]) {
        case "completion" -> UserTaskIntent.COMPLETE;
        case "claim" -> UserTaskIntent.CLAIM;
        case "update" -> UserTaskIntent.UPDATE;
        default -> UserTaskIntent.ASSIGN;
      };
      write(writer, Long.parseLong(path[2]), userTask(Long.parseLong(path[2]), intent, body), ValueType.USER_TASK, intent);
      return "ok";
    });
    serve(control, "/jobs/", (path, body, query) -> {
      JobRecord job = new JobRecord().setVariables(document(body.path("variables")));
      if (body.has("result")) job.setResult(jobResult(body.get("result")));
      boolean fails = path[3].equals("failure");
      if (fails) {
        job.setRetries(body.path("retries").asInt()).setRetryBackoff(body.path("retryBackOff").asLong())
            .setErrorMessage(body.path("errorMessage").asText());
      }
      write(writer, Long.parseLong(path[2]), job, ValueType.JOB, fails ? JobIntent.FAIL : JobIntent.COMPLETE);
      return "ok";
    });
    serve(control, "/messages/correlation", (path, body, query) -> {
      MessageCorrelationRecord message = new MessageCorrelationRecord()
          .setName(body.path("name").asText())
          .setCorrelationKey(body.path("correlationKey").asText())
          .setVariables(document(body.path("variables")))
          .setTenantId("<default>");
      write(writer, -1, message, ValueType.MESSAGE_CORRELATION, MessageCorrelationIntent.CORRELATE);
      return "ok";
    });
    serve(control, "/resources/", (path, body, query) -> {
      ResourceDeletionRecord deletion = new ResourceDeletionRecord().setResourceKey(Long.parseLong(path[2]));
      write(writer, -1, deletion, ValueType.RESOURCE_DELETION, ResourceDeletionIntent.DELETE);
      return "ok";
    });
    control.start();
    Thread.currentThread().join();
  }

  /** Puts a marker behind what the log holds until nothing else came between two of them. */
  private static void waitUntilIdle(ZeebeTestEngine engine, CommandWriter writer) throws InterruptedException {
    for (int others = 1; others > 0; ) {
      int from = records(engine).size();
      MessageRecord marker = new MessageRecord().setName(MARKER).setCorrelationKey("").setTimeToLive(0);
      write(writer, -1, marker, ValueType.MESSAGE, MessageIntent.PUBLISH);
      others = 0;
      for (int i = from, left = 3000; ; i++) {
        while (i >= records(engine).size()) {
          if (left-- == 0) throw new IllegalStateException("the engine does not process its log");
          Thread.sleep(1);
        }
        Record<?> record = records(engine).get(i);
        if (!isMarker(record)) others++;
        else if (record.getIntent() == MessageIntent.EXPIRED) break;
      }
    }
  }

  private static boolean isMarker(Record<?> record) {
    return record.getValue() instanceof MessageRecordValue message && message.getName().equals(MARKER);
  }

  /** The log so far; the engine's own list, so that only what is new is read. */
  private static List<Record<?>> records(ZeebeTestEngine engine) {
    return (List<Record<?>>) engine.getRecordStreamSource().getRecords();
  }

  private static int indexOf(List<Record<?>> records, long position) {
    int from = 0;
    for (int to = records.size(); from < to; ) {
      int middle = (from + to) / 2;
      if (records.get(middle).getPosition() < position) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  private static UserTaskRecord userTask(long key, UserTaskIntent intent, JsonNode body) {
    String action = intent == UserTaskIntent.COMPLETE ? "complete" : intent == UserTaskIntent.CLAIM ? "claim"
        : intent == UserTaskIntent.UPDATE ? "update" : "assign";
    UserTaskRecord task = new UserTaskRecord().setUserTaskKey(key).setAction(body.path("action").asText(action));
    task.setVariables(document(body.path("variables")));
    if (body.has("assignee")) task.setAssignee(body.get("assignee").asText());
    if (body.has("candidateGroups"))
      task.setCandidateGroupsList(texts(body.get("candidateGroups"))).setCandidateGroupsChanged();
    if (body.has("candidateUsers"))
      task.setCandidateUsersList(texts(body.get("candidateUsers"))).setCandidateUsersChanged();
    if (body.has("dueDate")) task.setDueDate(body.get("dueDate").asText()).setDueDateChanged();
    if (body.has("followUpDate")) task.setFollowUpDate(body.get("followUpDate").asText()).setFollowUpDateChanged();
    if (body.has("priority")) task.setPriority(body.get("priority").asInt()).setPriorityChanged();
    return task;
  }

  private static JobResult jobResult(JsonNode body) {
    JobResult result = new JobResult();
    boolean adHoc = body.path("type").asText().equals("adHocSubProcess");
    result.setType(adHoc ? JobResultType.AD_HOC_SUB_PROCESS : JobResultType.USER_TASK);
    result.setDenied(body.path("denied").asBoolean(false)).setDeniedReason(body.path("deniedReason").asText(""));
    JsonNode given = body.path("corrections");
    JobResultCorrections corrections = new JobResultCorrections();
    List<String> attributes = new ArrayList<>();
    // The log calls the lists by other names than the REST API.
    given.fieldNames().forEachRemaining(name -> attributes.add(name.startsWith("candidate") ? name + "List" : name));
    if (given.has("assignee")) corrections.setAssignee(given.get("assignee").asText());
    if (given.has("dueDate")) corrections.setDueDate(given.get("dueDate").asText());
    if (given.has("followUpDate")) corrections.setFollowUpDate(given.get("followUpDate").asText());
    if (given.has("candidateGroups")) corrections.setCandidateGroupsList(texts(given.get("candidateGroups")));
    if (given.has("candidateUsers")) corrections.setCandidateUsersList(texts(given.get("candidateUsers")));
    if (given.has("priority")) corrections.setPriority(given.get("priority").asInt());
    result.setCorrections(corrections).setCorrectedAttributes(attributes);
    for (JsonNode element : body.path("activateElements")) {
      result.addActivateElement(new JobResultActivateElement()
          .setElementId(element.path("elementId").asText())
          .setVariables(document(element.path("variables"))));
    }
    return result
        .setCompletionConditionFulfilled(body.path("isCompletionConditionFulfilled").asBoolean(false))
        .setCancelRemainingInstances(body.path("isCancelRemainingInstances").asBoolean(false));
  }

  private static UnsafeBuffer document(JsonNode variables) {
    return new UnsafeBuffer(MsgPackConverter.convertToMsgPack(variables.isObject() ? variables.toString() : "{}"));
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    for (JsonNode text : list) texts.add(text.asText());
    return texts;
  }

  private static void write(CommandWriter writer, long key, UnifiedRecordValue value, ValueType type, Intent intent) {
    var metadata = new RecordMetadata().recordType(RecordType.COMMAND).valueType(type).intent(intent);
    if (key > 0) writer.writeCommandWithKey(key, value, metadata);
    else writer.writeCommandWithoutKey(value, metadata);
  }

  private static CommandWriter commandWriter(ZeebeTestEngine engine) throws ReflectiveOperationException {
    var gateway = InMemoryEngine.class.getDeclaredField("gateway");
    gateway.setAccessible(true);
    var writer = GrpcToLogStreamGateway.class.getDeclaredField("writer");
    writer.setAccessible(true);
    return (CommandWriter) writer.get(gateway.get(engine));
  }

  /** Answers a request with text: its path in parts, its JSON body, the number of its only query parameter. */
  private interface Handler {
    String handle(String[] path, JsonNode body, long query) throws Exception;
  }

  private static void serve(HttpServer control, String path, Handler handler) {
    control.createContext(path, exchange -> {
      try {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String query = exchange.getRequestURI().getQuery();
        long number = query == null ? 0 : Long.parseLong(query.substring(query.indexOf('=') + 1));
        JsonNode json = JSON.readTree(body.isBlank() ? "{}" : body);
        answer(exchange, 200, handler.handle(exchange.getRequestURI().getPath().split("/"), json, number));
      } catch (Exception error) {
        answer(exchange, 500, error.toString());
      }
    });
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
