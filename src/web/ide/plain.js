// The plain query page: sends what stands in the editors and shows the answer.
(function () {
  'use strict';
  var asked = new URLSearchParams(window.location.search);
  var query = document.getElementById('query');
  var variables = document.getElementById('variables');
  var answer = document.getElementById('answer');
  query.value = asked.get('query') || '{\n  catalogue { name datasetCount institutionCount }\n}\n';
  variables.value = asked.get('variables') || '';
  document.getElementById('form').addEventListener('submit', function (event) {
    event.preventDefault();
    var body;
    try {
      body = JSON.stringify({ query: query.value, variables: variables.value.trim() ? JSON.parse(variables.value) : null });
    } catch (error) {
      answer.textContent = 'The variables are not JSON: ' + error.message;
      return;
    }
    var headers = { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json, application/json' };
    if (asked.get('lang')) headers['Accept-Language'] = asked.get('lang');
    fetch('/graphql', { method: 'POST', headers: headers, body: body })
      .then(function (response) { return response.json(); })
      .then(function (json) { answer.textContent = JSON.stringify(json, null, 2); })
      .catch(function (error) { answer.textContent = 'No answer: ' + error.message; });
  });
})();
